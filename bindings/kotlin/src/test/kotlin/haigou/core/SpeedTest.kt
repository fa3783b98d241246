package haigou.core

import java.io.File
import java.lang.management.ManagementFactory
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** How long a screen takes from Rust into Kotlin's hands. */
class SpeedTest {
    @TempDir
    lateinit var dir: File

    private val threads = ManagementFactory.getThreadMXBean()

    /** Microseconds of this thread, and by the clock on the wall: median and 99th percentile of many calls. */
    private fun measure(name: String, call: () -> Any) {
        repeat(3_000) { call() }
        val (cpu, wall) = List(5_000) {
            val (cpu, wall) = threads.currentThreadCpuTime to System.nanoTime()
            call()
            (threads.currentThreadCpuTime - cpu) / 1_000.0 to (System.nanoTime() - wall) / 1_000.0
        }.unzip()
        fun List<Double>.at(share: Double) = sorted()[(size * share).toInt()]
        println(
            "%s: median %.0f us, p99 %.0f us of its thread (%.0f and %.0f by the wall clock); goal < 1000 us"
                .format(name, cpu.at(0.5), cpu.at(0.99), wall.at(0.5), wall.at(0.99)),
        )
        // Of its own thread: what else a busy machine does is not measured.
        assertTrue(cpu.at(0.5) < 1_000 && cpu.at(0.99) < 1_000, "$name takes longer than a millisecond")
    }

    @Test
    fun `a snapshot takes less than a millisecond`() {
        val clock = HandClock()
        open(dir, clock = clock).use { phone ->
            phone.startActivity(ActivityKind.WALK)
            phone.hear(Walker(), clock, 3_600)
            val live = phone.live().activity!!
            assertTrue(live.distanceM > 4_000, "an hour's walk")
            measure("live, after an hour (${live.route.size} points, ${live.splits.size} splits)") { phone.live() }
            phone.finish()
            measure("today") { phone.today() }
            measure("records") { phone.records() }
            measure("wallet") { phone.wallet() }
            measure("status") { phone.status() }
            val second = Walker(3).second()
            measure("a second of samples, handed over") { phone.feedSamples(second) }
        }
    }
}
