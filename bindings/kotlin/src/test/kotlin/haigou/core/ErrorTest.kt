package haigou.core

import java.io.File
import java.io.RandomAccessFile
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** Every error has its kind, its stable code, and a sentence in both languages. */
class ErrorTest {
    @TempDir
    lateinit var dir: File

    private val chinese = Regex("\\p{IsHan}")

    /** Fails in both languages with this kind and code, and says so in words of that language. */
    private inline fun <reified E : PhoneException> fails(code: String, crossinline act: suspend (Language) -> Unit) {
        for (language in Language.entries) {
            val thrown = assertThrows<E>("$code in $language") { runBlocking { act(language) } }
            assertEquals(code, thrown.code())
            assertTrue(thrown.text().length > 3, "$code has a text in $language")
            assertEquals(language == Language.CHINESE, chinese.containsMatchIn(thrown.text()), thrown.text())
        }
    }

    private inline fun <reified E : PhoneException> Phone.refuses(code: String, crossinline act: suspend (Phone) -> Unit) =
        fails<E>(code) {
            setLanguage(it)
            act(this)
        }

    @Test
    fun `what isn't possible as things stand`() = open(dir).use { phone ->
        phone.refuses<PhoneException.Failed>("no_activity") { it.pause() }
        phone.refuses<PhoneException.Failed>("no_activity") { it.resume() }
        phone.refuses<PhoneException.Failed>("no_activity") { it.finish() }
        phone.refuses<PhoneException.Failed>("no_activity") { it.discard() }
        phone.refuses<PhoneException.Failed>("no_such_record") { it.record("no id") }
        phone.refuses<PhoneException.Failed>("no_such_record") { it.gpx("6d7b0d1e-0000-4000-8000-000000000000") }
        phone.startActivity(ActivityKind.WALK)
        phone.refuses<PhoneException.Failed>("activity_under_way") { it.startActivity(ActivityKind.RUN) }
        phone.refuses<PhoneException.Failed>("activity_under_way") { it.signOut() }
        phone.refuses<PhoneException.Failed>("not_paused") { it.resume() }
        phone.pause()
        phone.refuses<PhoneException.Failed>("already_paused") { it.pause() }
        phone.refuses<PhoneException.NotSignedIn>("not_signed_in") { it.syncNow() }
        phone.shutDown()
        phone.refuses<PhoneException.Failed>("closed") { it.finish() }
        phone.refuses<PhoneException.Failed>("closed") { it.body() }
    }

    @Test
    fun `what can't be taken`() = open(dir, clock = HandClock(mono = 600_000)).use { phone ->
        phone.startActivity(ActivityKind.WALK)
        val nonsense = Sample(1, Float.NaN, 0f, 0f)
        phone.refuses<PhoneException.Invalid>("samples_invalid") { it.feedSamples(listOf(nonsense)) }
        phone.refuses<PhoneException.Invalid>("fix_invalid") { it.feedFix(Fix(1, 91.0, 0.0)) }
        phone.feedCounterReading(CounterReading("boot-1", 0, 1_000))
        phone.feedCounterReading(CounterReading("boot-1", 10, 60_000))
        // A second reading that agrees with the first would be believed.
        var steps = 1_000_000_000L
        phone.refuses<PhoneException.Invalid>("reading_implausible") {
            steps *= 10
            it.feedCounterReading(CounterReading("boot-1", steps, 120_000))
        }
        phone.refuses<PhoneException.Invalid>("out_of_bounds") { it.setBody(BodyProfile(weightKg = 1e9)) }
        phone.refuses<PhoneException.Invalid>("out_of_bounds") { it.askCode("1".repeat(100)) }
        phone.refuses<PhoneException.Invalid>("out_of_bounds") { it.appeal(NewAppeal("2026-02-30", text = "?")) }
        phone.refuses<PhoneException.Invalid>("out_of_bounds") { it.appeal(NewAppeal("2026-02-20", "no id", "?")) }
        val named = assertThrows<PhoneException.Invalid> { phone.setBody(BodyProfile(heightCm = 3u)) }
        assertEquals("height_cm", named.field)
    }

    @Test
    fun `a phone that can't be opened`() {
        fails<PhoneException.Invalid>("server_address") { open(dir, server = "not an address", language = it) }
        open(dir).use { fails<PhoneException.Storage>("store_locked") { open(dir, language = it) } }
        // SQLite keeps the schema's version in four bytes at 60.
        val store = dir.walk().first { it.isFile && it.readBytes().decodeToString().startsWith("SQLite") }
        reopen(dir).shutDown()
        RandomAccessFile(store, "rw").use {
            it.seek(60)
            it.writeInt(1_000)
        }
        fails<PhoneException.Storage>("store_newer") { open(dir, language = it) }
        wipeUnopened(options(dir), HandClock(), FileKeys(File(dir, "keys")))
        open(dir).shutDown()
        val file = File(dir, "a file").apply { writeText("x") }
        fails<PhoneException.Storage>("store_failed") { open(file, language = it) }
    }

    @Test
    fun `a full disk is told, and what is recorded waits`() {
        val clock = HandClock()
        open(dir, clock = clock).use { phone ->
            phone.setStoreLimit(1)
            phone.startActivity(ActivityKind.WALK)
            val walker = Walker()
            waitUntil("the disk is full") {
                phone.hear(walker, clock, 60)
                phone.tick()
                phone.status().storage is StorageState.Waiting
            }
            for (language in Language.entries) {
                phone.setLanguage(language)
                val waiting = phone.status().storage as StorageState.Waiting
                assertEquals("store_full", waiting.code)
                assertEquals(language == Language.CHINESE, chinese.containsMatchIn(waiting.text))
            }
            val steps = phone.live().activity!!.steps
            phone.setStoreLimit(null)
            phone.tick()
            assertEquals(StorageState.Fine, phone.status().storage)
            assertTrue(phone.finish().record.steps >= steps, "nothing is lost")
        }
    }

    @Test
    fun `a server that can't be reached, and one that isn't ours`() {
        open(dir).use { phone -> phone.refuses<PhoneException.Offline>("offline") { it.askCode("+8613800138000") } }
        FakeServer(200, "text/html") { "<h1>Welcome to the hotel</h1>" }.use { hotel ->
            reopen(dir, hotel.url).use { phone ->
                phone.refuses<PhoneException.Offline>("not_our_server") { it.askCode("+8613800138000") }
            }
        }
    }

    @Test
    fun `what the real server refuses`() = Server().use { server ->
        open(dir, server.url).use { phone ->
            phone.refuses<PhoneException.Refused>("phone_invalid") { it.askCode("12") }
            val number = server.number()
            runBlocking { phone.askCode(number) }
            phone.refuses<PhoneException.Refused>("code_wrong") { it.signIn(SignInForm(number, "000000", acceptTerms = true)) }
            val code = server.code(number)
            phone.refuses<PhoneException.Refused>("consent_required") { it.signIn(SignInForm(number, code)) }
            val again = assertThrows<PhoneException.Refused> { runBlocking { phone.askCode(number) } }
            assertEquals("rate_limited", again.code)
            assertTrue(again.retryAfterS!! in 1..60)
        }
    }

    /** The codes come from the API's own description. */
    @Test
    fun `every code that the server knows comes through with its text and field`() {
        val description = File(System.getProperty("haigou.root"), "server/openapi.json").readText()
        val listed = Regex("\"ErrorCode\":\\s*\\{.*?\"enum\":\\s*\\[(.*?)]", RegexOption.DOT_MATCHES_ALL).find(description)!!
        val codes = Regex("\"(\\w+)\"").findAll(listed.groupValues[1]).map { it.groupValues[1] }.toList()
        assertTrue(codes.size >= 40, "$codes")
        for (code in codes) {
            val problem = { language: String ->
                val title = if (language.startsWith("zh")) "出错了（$code）" else "It failed ($code)"
                """{"type":"about:blank","status":422,"code":"$code","title":"$title","field":"phone","retry_after_s":7}"""
            }
            FakeServer(422, "application/problem+json", problem).use { server ->
                reopen(dir, server.url).use { phone ->
                    phone.refuses<PhoneException.Refused>(code) { it.askCode("+8613800138000") }
                    val thrown = assertThrows<PhoneException.Refused> { runBlocking { phone.askCode("+8613800138000") } }
                    assertEquals(listOf("phone", 7L), listOf(thrown.field, thrown.retryAfterS))
                }
            }
        }
    }
}
