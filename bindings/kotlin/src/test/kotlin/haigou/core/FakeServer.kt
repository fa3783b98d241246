package haigou.core

import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/** Answers every request as it is told to: status, type, body by the language that was asked for. */
class FakeServer(private val status: Int, private val type: String, private val body: (String) -> String) : AutoCloseable {
    private val http = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    val url = "http://127.0.0.1:${http.address.port}"

    init {
        http.createContext("/") { exchange ->
            val bytes = body(exchange.requestHeaders.getFirst("Accept-Language")).toByteArray()
            exchange.responseHeaders.add("Content-Type", type)
            exchange.sendResponseHeaders(status, bytes.size.toLong())
            exchange.responseBody.use { it.write(bytes) }
        }
        http.start()
    }

    override fun close() = http.stop(0)
}

/** Takes requests and never answers, until it is opened: then it lets everything through to the server behind it. */
class Gate(private val behind: String? = null) : AutoCloseable {
    private val listening = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val opened = CountDownLatch(1)
    private val sockets = CopyOnWriteArrayList<Socket>()
    val url = "http://127.0.0.1:${listening.localPort}"

    /** A request has arrived. */
    val asked = CountDownLatch(1)

    init {
        thread(isDaemon = true) {
            while (!listening.isClosed) {
                val client = runCatching { listening.accept() }.getOrNull() ?: break
                sockets += client
                thread(isDaemon = true) { runCatching { serve(client) } }
            }
        }
    }

    fun open() = opened.countDown()

    private fun serve(client: Socket) {
        val question = client.getInputStream()
        val first = ByteArray(64 * 1024)
        val length = question.read(first)
        asked.countDown()
        opened.await()
        val address = java.net.URI(behind!!)
        val server = Socket(address.host, address.port).also(sockets::add)
        server.getOutputStream().write(first, 0, length)
        thread(isDaemon = true) { runCatching { question.copyTo(server.getOutputStream()) } }
        server.getInputStream().copyTo(client.getOutputStream())
    }

    override fun close() {
        listening.close()
        sockets.forEach { it.close() }
    }
}
