package haigou.core

import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** The README's ten lines of Kotlin do what they say. */
class ReadmeTest {
    @TempDir
    lateinit var dir: File

    @Test
    fun `ten lines make an app`() = Server().use { server ->
        val screens = CopyOnWriteArrayList<LiveScreen>()
        val walker = Walker()
        val samples = List(30) { walker.second() }.flatten()
        // A clock that goes on by half a minute whenever it is looked at.
        val hands = HandClock()
        val clock = object : Clock by hands {
            override fun monoMs() = hands.advance(30_000).let { hands.monoMs() }
        }
        val record = runBlocking {
            tenLines(
                dir.path, server.url, clock, FileKeys(File(dir, "keys")), samples,
                walker.position(System.currentTimeMillis()), { server.code("+8613800138000") }, screens::add,
            )
        }
        assertEquals(ActivityKind.WALK, record.record.kind)
        assertTrue(record.record.steps > 40, "${record.record.steps} steps in half a minute")
        assertEquals(LiveState.IDLE, screens.first().state)
    }
}
