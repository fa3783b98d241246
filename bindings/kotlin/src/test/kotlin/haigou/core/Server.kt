package haigou.core

import java.io.File
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** The real server: the program `haigou` on an embedded database of its own, on a free port. */
class Server : AutoCloseable {
    private val dir = createTempDirectory()
    private val log = ConcurrentLinkedQueue<String>()
    private val process: Process
    val url: String

    init {
        val serve = ProcessBuilder(System.getProperty("haigou.program"), "serve").directory(dir)
        serve.environment().keys.removeIf { it.startsWith("HAIGOU_") }
        serve.environment() += mapOf(
            "HAIGOU_DB" to "sqlite:haigou.sqlite",
            "HAIGOU_LISTEN" to "127.0.0.1:0",
            "HAIGOU_RULEBOOK" to "sport",
        )
        process = serve.redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
        Thread { process.errorStream.bufferedReader().forEachLine(log::add) }.apply { isDaemon = true }.start()
        url = said("haigou serves on ").substringAfter("haigou serves on ").trim().substringBefore(' ')
    }

    /** The newest code that was sent to a number, as a developer reads it in the log. */
    fun code(phone: String): String =
        Regex("code=\"?(\\d{6})").find(said("SMS code", phone))!!.groupValues[1]

    /** A number that nobody has used yet. */
    fun number() = "+861380013%04d".format(numbers.incrementAndGet())

    override fun close() {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)
        dir.deleteRecursively()
    }

    private fun said(vararg words: String): String = eventually("$words in the log:\n${log.joinToString("\n")}") {
        log.lastOrNull { line -> words.all { it in line } }
    }

    private companion object {
        val numbers = AtomicInteger()
    }
}

/** Signs somebody new in. The member's id. */
suspend fun Phone.signInAs(server: Server, inviteCode: String? = null): String {
    val number = server.number()
    askCode(number)
    return signIn(SignInForm(number, server.code(number), inviteCode, acceptTerms = true)).member
}

fun createTempDirectory(): File = kotlin.io.path.createTempDirectory("haigou").toFile()
