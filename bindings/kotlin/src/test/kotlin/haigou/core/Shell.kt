package haigou.core

import java.io.File

/** What a shell brings: the phone's clocks, moved by hand here. */
class HandClock(
    private var wall: Long = System.currentTimeMillis(),
    private var mono: Long = 60_000,
) : Clock {
    @Synchronized
    fun advance(ms: Long) {
        wall += ms
        mono += ms
    }

    @Synchronized
    override fun wallMs() = wall

    @Synchronized
    override fun monoMs() = mono

    override fun bootId() = "boot-1"
}

/** What a shell brings: secrets, in files here. */
class FileKeys(private val dir: File) : KeyStore {
    override fun load(name: String) = File(dir, name).takeIf(File::exists)?.readBytes()

    override fun save(name: String, secret: ByteArray) {
        dir.mkdirs()
        File(dir, name).writeBytes(secret)
    }

    override fun remove(name: String) {
        File(dir, name).delete()
    }
}

/** Nobody listens there. */
const val NOWHERE = "http://127.0.0.1:1"

fun options(dir: File, server: String = NOWHERE, language: Language = Language.ENGLISH, storeLimit: Long? = null) =
    PhoneOptions(dir.path, server, language, "A test's phone", Platform.OTHER, storeLimit)

fun open(dir: File, server: String = NOWHERE, clock: Clock = HandClock(), language: Language = Language.ENGLISH): Phone =
    Phone.open(options(dir, server, language), clock, FileKeys(File(dir, "keys")))

/** Opens a phone whose folder another one has just let go of, or is about to. */
fun reopen(dir: File, server: String = NOWHERE, clock: Clock = HandClock()): Phone =
    eventually("the store is let go of") {
        try {
            open(dir, server, clock)
        } catch (locked: PhoneException.Storage) {
            if (locked.code == "store_locked") null else throw locked
        }
    }

/** Waits for what other threads do. */
fun <T : Any> eventually(what: String, look: () -> T?): T {
    val end = System.nanoTime() + 60_000_000_000
    while (System.nanoTime() < end) {
        look()?.let { return it }
        Thread.sleep(5)
    }
    throw AssertionError("It never came: $what")
}

fun waitUntil(what: String, holds: () -> Boolean) {
    eventually(what) { if (holds()) Unit else null }
}
