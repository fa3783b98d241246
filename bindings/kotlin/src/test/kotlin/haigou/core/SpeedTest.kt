package haigou.core

import java.io.File
import java.lang.management.ManagementFactory
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** How long a screen takes from Rust into Kotlin's hands. */
class SpeedTest {
    @TempDir
    lateinit var dir: File

    private val threads = ManagementFactory.getThreadMXBean()

    private class Round(val cpu: List<Double>, val wall: List<Double>) {
        fun isWithin(us: Int) = cpu.at(0.5) < us && cpu.at(0.99) < us
    }

    /** Microseconds of this thread, and by the clock on the wall: of many calls. */
    private fun round(call: () -> Any): Round {
        val (cpu, wall) = List(5_000) {
            val (cpu, wall) = threads.currentThreadCpuTime to System.nanoTime()
            call()
            (threads.currentThreadCpuTime - cpu) / 1_000.0 to (System.nanoTime() - wall) / 1_000.0
        }.unzip()
        return Round(cpu.sorted(), wall.sorted())
    }

    /** Median and 99th percentile. A round on a machine that is busy with other things is done again. */
    private fun measure(name: String, call: () -> Any) {
        repeat(3_000) { call() }
        val rounds = generateSequence { round(call) }.take(3)
        val best = rounds.firstOrNull { it.isWithin(1_000) }
        if (best == null) fail<Unit>("$name takes longer than a millisecond")
        println(
            "%s: median %.0f us, p99 %.0f us of its thread (%.0f and %.0f by the wall clock); goal < 1000 us"
                .format(name, best!!.cpu.at(0.5), best.cpu.at(0.99), best.wall.at(0.5), best.wall.at(0.99)),
        )
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

private fun List<Double>.at(share: Double) = this[(size * share).toInt()]
