package haigou.core

import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Listeners: the current value first, then changes, none after they were cancelled; whatever they do. */
class ListenerTest {
    @TempDir
    lateinit var dir: File
    lateinit var phone: Phone

    @BeforeEach
    fun openPhone() {
        phone = open(dir)
    }

    @AfterEach
    fun closePhone() = phone.close()

    private class Heard(val also: (LiveScreen) -> Unit = {}) : LiveListener {
        val states = CopyOnWriteArrayList<LiveState>()
        val threads = CopyOnWriteArrayList<Thread>()

        override fun onChange(screen: LiveScreen) {
            threads += Thread.currentThread()
            states += screen.state
            also(screen)
        }
    }

    @Test
    fun `the current value comes first, then each change, on another thread`() {
        phone.startActivity(ActivityKind.RUN)
        val heard = Heard()
        phone.watchLive(heard).use {
            waitUntil("the current value") { heard.states.isNotEmpty() }
            assertTrue(heard.states[0] in listOf(LiveState.RUNNING, LiveState.AUTO_PAUSED))
            phone.pause()
            waitUntil("the change") { LiveState.PAUSED in heard.states }
            phone.discard()
            waitUntil("the change after it") { heard.states.last() == LiveState.IDLE }
        }
        heard.threads.forEach { assertNotSame(Thread.currentThread(), it) }
    }

    @Test
    fun `each screen has its listener`() {
        val names = CopyOnWriteArrayList<String>()
        val subscriptions = listOf(
            phone.watchLive(object : LiveListener { override fun onChange(screen: LiveScreen) { names += "live" } }),
            phone.watchToday(object : TodayListener { override fun onChange(screen: TodayScreen) { names += "today" } }),
            phone.watchRecords(object : RecordsListener { override fun onChange(screen: RecordsScreen) { names += "records" } }),
            phone.watchWallet(object : WalletListener { override fun onChange(screen: WalletScreen) { names += "wallet" } }),
            phone.watchStatus(object : StatusListener { override fun onChange(screen: StatusScreen) { names += "status" } }),
        )
        waitUntil("all five") { names.toSet().size == 5 }
        subscriptions.forEach { it.close() }
    }

    @Test
    fun `nothing comes after it was cancelled`() = repeat(50) { round ->
        val cancelled = Heard()
        val witness = Heard()
        val subscription = phone.watchLive(cancelled)
        waitUntil("the current value") { cancelled.states.size == 1 }
        if (round % 2 == 0) subscription.cancel() else subscription.close()
        phone.watchLive(witness).use {
            phone.startActivity(ActivityKind.WALK)
            phone.pause()
            waitUntil("what the other hears") { LiveState.PAUSED in witness.states }
            phone.discard()
            waitUntil("what the other hears") { witness.states.last() == LiveState.IDLE }
        }
        assertEquals(1, cancelled.states.size)
        subscription.close()
    }

    @Test
    fun `a slow listener holds up nobody and gets the newest`() {
        val gate = CountDownLatch(1)
        val slow = Heard { gate.await() }
        val quick = Heard()
        val subscriptions = listOf(phone.watchLive(slow), phone.watchLive(quick))
        waitUntil("both have begun") { slow.states.size == 1 && quick.states.size == 1 }
        repeat(20) {
            phone.startActivity(ActivityKind.WALK)
            waitUntil("the quick one hears of it") { quick.states.last() != LiveState.IDLE }
            phone.discard()
            waitUntil("the quick one hears of it") { quick.states.last() == LiveState.IDLE }
        }
        phone.startActivity(ActivityKind.WALK)
        phone.pause()
        assertEquals(1, slow.states.size)
        gate.countDown()
        waitUntil("the slow one hears the newest") { slow.states.last() == LiveState.PAUSED }
        assertTrue(slow.states.size <= 3, "${slow.states} leave out what was overtaken")
        subscriptions.forEach { it.close() }
    }

    @Test
    fun `a listener that throws hears of the next change all the same`() {
        val calls = AtomicInteger()
        val listener = Heard {
            when (calls.incrementAndGet() % 3) {
                0 -> throw ListenerException.Failed("on purpose")
                1 -> throw IllegalStateException("on purpose")
                else -> throw StackOverflowError("on purpose")
            }
        }
        phone.watchLive(listener).use {
            waitUntil("the current value") { calls.get() == 1 }
            repeat(3) {
                phone.startActivity(ActivityKind.WALK)
                waitUntil("the start") { listener.states.last() != LiveState.IDLE }
                phone.discard()
                waitUntil("the end") { listener.states.last() == LiveState.IDLE }
            }
        }
        assertTrue(calls.get() >= 7)
    }

    @Test
    fun `a listener may use the phone and cancel itself`() {
        val cancelled = CountDownLatch(1)
        lateinit var subscription: Subscription
        val subscribed = CountDownLatch(1)
        val listener = Heard { screen ->
            subscribed.await()
            if (screen.state == LiveState.IDLE) {
                phone.startActivity(ActivityKind.WALK)
            } else {
                subscription.cancel()
                cancelled.countDown()
            }
        }
        subscription = phone.watchLive(listener)
        subscribed.countDown()
        cancelled.await()
        phone.discard()
        subscription.close()
        assertEquals(2, listener.states.size)
    }
}
