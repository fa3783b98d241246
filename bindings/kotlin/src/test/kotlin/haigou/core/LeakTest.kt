package haigou.core

import java.io.File
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicLong
import kotlin.concurrent.thread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** Nothing stays behind on either side, and nothing that is in use is taken away. */
class LeakTest {
    @TempDir
    lateinit var dir: File

    /** A listener that is heavy enough to be missed. */
    private class Heavy(private val first: CountDownLatch) : TodayListener {
        val weight = ByteArray(1_024)

        override fun onChange(screen: TodayScreen) = first.countDown()
    }

    private fun heapAfterCollection(): Long {
        repeat(3) { System.gc() }
        val runtime = Runtime.getRuntime()
        return runtime.totalMemory() - runtime.freeMemory()
    }

    /** Subscribes so many listeners, lets each hear its first value, and ends them in the three ways there are. */
    private fun subscribe(phone: Phone, count: Int): List<WeakReference<Heavy>> {
        val first = CountDownLatch(count)
        val alive = (0 until count).map { Heavy(first).let { it to phone.watchToday(it) } }
        assertTrue(first.await(120, TimeUnit.SECONDS), "everybody hears the first value")
        assertTrue(tasksUnderWay() >= count)
        alive.forEachIndexed { index, (_, subscription) ->
            when (index % 3) {
                0 -> subscription.cancel()
                1 -> subscription.close()
                else -> {} // Nobody holds it any more.
            }
        }
        return alive.map { (listener, _) -> WeakReference(listener) }
    }

    @Test
    fun `ten thousand listeners leave nothing behind`() = open(dir).use { phone ->
        subscribe(phone, 100)
        System.gc()
        waitUntil("quiet") { System.gc(); FfiConverterTypeTodayListener.handleMap.size == 0 }
        val (tasks, heap) = tasksUnderWay() to heapAfterCollection()
        val listeners = subscribe(phone, 10_000)
        waitUntil("every listener is let go of") {
            System.gc()
            listeners.all { it.get() == null }
        }
        waitUntil("every task has ended") { tasksUnderWay() <= tasks }
        assertEquals(0, FfiConverterTypeTodayListener.handleMap.size)
        val grown = heapAfterCollection() - heap
        println("10,000 listeners: the heap grew by ${grown / 1024} kB")
        assertTrue(grown < 2 shl 20, "$grown bytes stay behind")
    }

    @Test
    fun `collecting garbage all the time takes nothing away that is in use`() {
        val (calmClock, clock) = HandClock() to HandClock()
        val calm = open(File(dir, "calm"), clock = calmClock)
        val phone = open(File(dir, "tortured"), clock = clock)
        val over = AtomicBoolean()
        val calls = AtomicLong()
        val trouble = ConcurrentLinkedQueue<Throwable>()
        fun keepOn(work: () -> Unit) = thread {
            try {
                while (!over.get()) {
                    work()
                    calls.incrementAndGet()
                    Thread.sleep(2)
                }
            } catch (e: Throwable) {
                trouble += e
            }
        }
        val silent = Gate()
        val asking = open(File(dir, "asking"), silent.url)
        val threads = listOf(
            keepOn { System.gc() },
            keepOn { phone.watchLive(object : LiveListener { override fun onChange(screen: LiveScreen) { ByteArray(10_000) } }) },
            keepOn {
                val subscription = phone.watchStatus(object : StatusListener { override fun onChange(screen: StatusScreen) {} })
                Thread.yield()
                subscription.close()
            },
            keepOn { listOf(phone.live(), phone.today(), phone.records(), phone.wallet(), phone.status()) },
            keepOn {
                runBlocking(Dispatchers.IO) {
                    val call = launch { asking.askCode("+8613800138000", Cancel()) }
                    delay(2)
                    call.cancelAndJoin()
                }
            },
            // An error is an object of both sides as well.
            keepOn { assertThrows<PhoneException.Failed> { runBlocking { phone.gpx("no id") } } },
        )
        val steps = listOf(calm to calmClock, phone to clock).map { (on, itsClock) ->
            val walker = Walker(7)
            on.startActivity(ActivityKind.WALK)
            repeat(600) {
                on.hear(walker, itsClock, 1)
                if (on === phone) Thread.sleep(10)
            }
            on.finish().record.steps
        }
        over.set(true)
        threads.forEach { it.join() }
        listOf(calm, phone, asking).forEach { it.close() }
        silent.close()
        assertEquals(emptyList<Throwable>(), trouble.toList())
        assertEquals(steps[0], steps[1])
        println("torture: ${calls.get()} calls under constant collection, ${steps[1]} steps of ${steps[0]} counted")
        assertTrue(steps[0] > 1_000)
    }
}
