package haigou.core

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** A walk with the real server, through every death that an app can die. */
class WalkTest {
    @TempDir
    lateinit var dir: File

    @Test
    fun `a walk survives the app's death and counts on the server once`() = runBlocking {
        // He sets out a quarter of an hour ago, without a network.
        val clock = HandClock(System.currentTimeMillis() - 15 * 60_000)
        val walker = Walker()
        val first = open(dir, server.url, clock)
        val id = first.startActivity(ActivityKind.WALK)
        first.hear(walker, clock, 180)
        val before = first.live().activity!!
        assertTrue(before.steps in 320..350, "${before.steps} steps of 180 s at 1.9 a second")
        first.destroy()

        val phone = reopen(dir, server.url, clock)
        val after = phone.live().activity!!
        assertEquals(id, after.id)
        assertTrue(before.steps - after.steps in 0..5, "${after.steps} of ${before.steps} steps are still there")
        phone.hear(walker, clock, 120)
        phone.pause()
        assertEquals(LiveState.PAUSED, phone.live().state)
        phone.resume()
        val record = phone.finish()
        assertEquals(LiveState.IDLE, phone.live().state)
        assertTrue(record.record.steps >= after.steps + 220, "${record.record.steps} steps")
        assertTrue(record.record.distanceM in 350.0..430.0, "${record.record.distanceM} m of 390")
        assertTrue(record.route.size >= 2)
        assertNull(record.record.judgement)

        // At home there is a network, and it is now.
        clock.advance(System.currentTimeMillis() - clock.wallMs())
        val member = phone.signInAs(server)
        // Whoever is first, this sync or the one in the background: it goes up once.
        val report = phone.syncNow()
        assertEquals(listOf(0L, 0L, 0L, null), listOf(report.refused, report.left, report.unsyncedMinutes, report.stopped))
        phone.refreshToday()
        val today = phone.today()
        assertEquals(today.walk, today.counted!!.walk)
        assertEquals(0, today.unsyncedMinutes)
        assertEquals(0, phone.syncNow().sent)

        phone.refreshRecords()
        val judged = phone.record(id).record
        assertTrue(judged.steps > 500, "${judged.steps} steps")
        assertEquals(judged.steps, judged.judgement!!.countedSteps)
        assertEquals(listOf(id), phone.records().records.map { it.id })
        assertTrue("<trkpt" in phone.gpx(id))

        phone.refreshWallet()
        val wallet = phone.wallet()
        assertTrue(wallet.wallet!!.balances.any { it.asset == Asset.HI_VALUE && it.amount.toBigDecimal().signum() > 0 })
        assertTrue(wallet.statement.all { it.text.isNotEmpty() && it.amount.toBigDecimal().signum() != 0 })
        assertEquals(wallet.statement, phone.statement().lines)
        assertEquals(member, (phone.status().account as Account.SignedIn).member)
        phone.close()
    }

    @Test
    fun `a walk survives the death of its process`() {
        val said = File(dir, "said")
        val child = child("haigou.core.KilledWalkKt", said, dir.path)
        val line = Regex("id=(\\S+) mono=(\\d+) steps=(\\d+)\n")
        waitUntil("it has walked a while") {
            line.findAll(said.readText()).lastOrNull()?.let { it.groupValues[3].toInt() >= 150 } ?: false
        }
        child.destroyForcibly().waitFor()
        val (id, mono, steps) = line.findAll(said.readText()).last().destructured

        val clock = HandClock(mono = mono.toLong() + 1_000)
        reopen(dir, clock = clock).use { phone ->
            val live = phone.live().activity!!
            assertEquals(id, live.id)
            assertTrue(live.steps >= steps.toLong() - 5, "${live.steps} steps are there of $steps")
            val more = Walker(2)
            phone.hear(more, clock, 60)
            assertTrue(phone.finish().record.steps > live.steps + 90)
        }
    }

    @Test
    fun `the account and everything about it`() = runBlocking {
        open(dir, server.url).use { phone ->
            val member = phone.signInAs(server)
            assertEquals(member, phone.profile().member)
            val changed = phone.changeProfile(ProfileChange(nickname = "小明"))
            assertEquals("小明", changed.nickname)
            assertEquals(listOf("A test's phone"), phone.devices().filter { it.current }.map { it.name })
            phone.giveConsent(NewConsent(Purpose.LOCATION, "1", true))
            assertTrue(phone.consents().any { it.purpose == Purpose.LOCATION && it.given })
            val appeal = phone.appeal(NewAppeal(phone.today().day, text = "I did walk."))
            assertEquals(AppealStatus.OPEN, appeal.status)
            phone.setBody(BodyProfile(heightCm = 180u, weightKg = 75.5, sex = Sex.FEMALE))
            assertEquals(BodyProfile(180u, 75.5, null, Sex.FEMALE), phone.body())
            phone.signOut()
            assertEquals(Account.SignedOut, phone.status().account)
        }
    }

    companion object {
        val server = Server()

        @JvmStatic
        @AfterAll
        fun stop() = server.close()
    }
}
