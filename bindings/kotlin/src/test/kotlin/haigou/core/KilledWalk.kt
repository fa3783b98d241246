package haigou.core

import java.io.File

/** A process that walks until it is killed, and says after every second what it has shown. */
fun main(arguments: Array<String>) {
    val clock = HandClock()
    val phone = open(File(arguments[0]), clock = clock)
    val id = phone.startActivity(ActivityKind.WALK)
    val walker = Walker()
    while (true) {
        phone.hear(walker, clock, 1)
        println("id=$id mono=${clock.monoMs()} steps=${phone.live().activity!!.steps}")
    }
}

/** Another JVM like this one, which says what it says into a file. */
fun child(main: String, says: File, vararg arguments: String): Process {
    val classes = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
    val java = File(System.getProperty("java.home"), "bin/java").path
    val library = "-Djna.library.path=" + System.getProperty("jna.library.path")
    return ProcessBuilder(java, "-Xmx64m", library, "-cp", classes, main, *arguments)
        .redirectOutput(says)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
}
