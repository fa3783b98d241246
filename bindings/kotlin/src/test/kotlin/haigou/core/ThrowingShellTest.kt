package haigou.core

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** What a shell brings may fail in any way; the phone says so, and lives on. */
class ThrowingShellTest {
    @TempDir
    lateinit var dir: File

    /** A key store that fails where it is told to. */
    private class Keys(private val inner: KeyStore, var fail: (String) -> Throwable?) : KeyStore {
        override fun load(name: String): ByteArray? = fail("load")?.let { throw it } ?: inner.load(name)

        override fun save(name: String, secret: ByteArray) = fail("save")?.let { throw it } ?: inner.save(name, secret)

        override fun remove(name: String) = fail("remove")?.let { throw it } ?: inner.remove(name)
    }

    private val exceptions = listOf(KeyStoreException.Failed("locked"), IllegalStateException("on purpose"))

    @Test
    fun `a key store that can't be read keeps the phone from opening`() {
        for (failure in exceptions + OutOfMemoryError("on purpose")) {
            val keys = Keys(FileKeys(File(dir, "keys"))) { if (it == "load") failure else null }
            val thrown = assertThrows<PhoneException.Storage> { Phone.open(options(dir), HandClock(), keys) }
            assertEquals("key_store", thrown.code)
            assertEquals("The phone's key store can't be used. Unlock the phone and try again.", thrown.text)
        }
        open(dir).close()
    }

    @Test
    fun `a key store that can't be written makes signing in fail, and the next try works`() = Server().use { server ->
        runBlocking {
            val keys = Keys(FileKeys(File(dir, "keys"))) { null }
            Phone.open(options(dir, server.url), HandClock(), keys).use { phone ->
                val number = server.number()
                phone.askCode(number)
                val form = SignInForm(number, server.code(number), acceptTerms = true)
                for (failure in exceptions) {
                    keys.fail = { if (it == "save") failure else null }
                    val thrown = assertThrows<PhoneException.Storage> { runBlocking { phone.signIn(form) } }
                    assertEquals("key_store", thrown.code)
                }
                keys.fail = { null }
                phone.signIn(form)
                assertTrue(phone.status().account is Account.SignedIn)
            }
        }
    }

    @Test
    fun `a clock that can't be read keeps the phone from opening`() {
        val broken = object : Clock {
            override fun wallMs(): Long = throw ClockException.Failed("on purpose")
            override fun monoMs() = 60_000L
            override fun bootId() = "boot-1"
        }
        val thrown = assertThrows<PhoneException.Failed> { open(dir, clock = broken) }
        assertEquals("clock", thrown.code)
        assertEquals("The phone's clock can't be read. Restart the phone and try again.", thrown.text)
        val chinese = assertThrows<PhoneException.Failed> { open(dir, clock = broken, language = Language.CHINESE) }
        assertEquals("无法读取系统时钟，请重启手机后重试。", chinese.text)
    }

    @Test
    fun `a clock that fails later on costs no step`() {
        val clock = HandClock()
        var broken = false
        val flaky = object : Clock {
            override fun wallMs() = if (broken) throw IllegalStateException("on purpose") else clock.wallMs()
            override fun monoMs() = if (broken) throw ClockException.Failed("on purpose") else clock.monoMs()
            override fun bootId() = clock.bootId()
        }
        open(dir, clock = flaky).use { phone ->
            phone.startActivity(ActivityKind.WALK)
            val walker = Walker()
            phone.hear(walker, clock, 60)
            broken = true
            phone.hear(walker, clock, 60)
            broken = false
            phone.hear(walker, clock, 60)
            assertTrue(phone.finish().record.steps in 320..350)
        }
    }
}
