package haigou.core

import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** What isn't wanted any more ends; what changes something is finished all the same. */
class CancelTest {
    @TempDir
    lateinit var dir: File

    @Test
    fun `a cancelled coroutine ends its call`() = Gate().use { silent ->
        open(dir, silent.url).use { phone ->
            val before = tasksUnderWay()
            runBlocking(Dispatchers.IO) {
                val call = launch { phone.askCode("+8613800138000") }
                silent.asked.await()
                assertTrue(tasksUnderWay() > before)
                call.cancelAndJoin()
                assertTrue(call.isCancelled)
            }
            waitUntil("the request is given up") { tasksUnderWay() <= before }
        }
    }

    @Test
    fun `what was cancelled says so in both languages`() = Gate().use { silent ->
        open(dir, silent.url).use { phone ->
            val before = tasksUnderWay()
            for ((language, text) in mapOf(Language.CHINESE to "操作已取消。", Language.ENGLISH to "It was cancelled.")) {
                phone.setLanguage(language)
                Cancel().use { cancel ->
                    runBlocking(Dispatchers.IO) {
                        val calls = List(3) { async { runCatching { phone.askCode("+8613800138000", cancel) } } }
                        silent.asked.await()
                        cancel.cancel()
                        for (call in calls) {
                            val thrown = call.await().exceptionOrNull() as PhoneException.Failed
                            assertEquals(listOf("cancelled", text), listOf(thrown.code, thrown.text))
                        }
                    }
                    // It stays cancelled for what comes later.
                    assertThrows<PhoneException.Failed> { runBlocking { phone.askCode("+8613800138000", cancel) } }
                }
            }
            waitUntil("the requests are given up") { tasksUnderWay() <= before }
        }
    }

    @Test
    fun `signing in is finished although nobody waits for it`() = Server().use { server ->
        Gate(server.url).use { slow ->
            val number = server.number()
            open(File(dir, "other"), server.url).use { runBlocking { it.askCode(number) } }
            open(dir, slow.url).use { phone ->
                runBlocking(Dispatchers.IO) {
                    val call = launch { phone.signIn(SignInForm(number, server.code(number), acceptTerms = true)) }
                    slow.asked.await()
                    call.cancelAndJoin()
                }
                assertEquals(Account.SignedOut, phone.status().account)
                slow.open()
                waitUntil("signed in") { phone.status().account is Account.SignedIn }
            }
        }
    }

    @Test
    fun `a sync that was cancelled is taken up again and counts once`() = Server().use { server ->
        val clock = HandClock(System.currentTimeMillis() - 10 * 60_000)
        val walker = Walker()
        open(dir, server.url, clock).use { phone ->
            phone.hear(walker, clock, 120)
            clock.advance(System.currentTimeMillis() - clock.wallMs())
            runBlocking(Dispatchers.IO) {
                phone.signInAs(server)
                repeat(30) {
                    val sync = launch { phone.syncNow() }
                    sync.cancelAndJoin()
                }
                phone.syncNow()
                phone.refreshToday()
            }
            val today = phone.today()
            assertEquals(0, today.unsyncedMinutes)
            assertEquals(today.passive, today.counted!!.passive)
            assertEquals(today.passive, today.counted!!.claimed)
        }
    }
}
