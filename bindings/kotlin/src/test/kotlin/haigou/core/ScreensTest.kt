package haigou.core

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** The tabs Wallet and Me, and the settings: what their screens show, without a network and with the real server. */
class ScreensTest {
    @TempDir
    lateinit var dir: File

    @Test
    fun `without a network every screen is there, and says why it is empty`() = open(dir).use { phone ->
        val standings = listOf(
            phone.wallet().standing, phone.statementScreen().standing, phone.airdrop().standing, phone.rules().standing,
            phone.team().standing, phone.me().standing, phone.devicesScreen().standing, phone.consentsScreen().standing,
        )
        for (standing in standings) {
            assertEquals(Face.Failed, standing.face)
            assertEquals(Told("not_signed_in", "Sign in first."), standing.told)
        }
        phone.setLanguage(Language.CHINESE)
        assertEquals("请先登录。", phone.wallet().standing.told!!.text)
        assertTrue(phone.today().standing.face is Face.Shown)
        assertTrue(phone.records().standing.face is Face.Empty)
    }

    @Test
    fun `what a member owns, and why`() = runBlocking {
        open(dir, server.url).use { phone ->
            phone.signInAs(server)
            phone.refreshWallet()
            val wallet = phone.wallet()
            assertEquals(Asset.entries, wallet.assets.map { it.asset })
            val value = wallet.assets.first { it.asset == Asset.HI_VALUE }
            assertTrue(value.cameToday.toBigDecimal().signum() > 0 && value.wentToday.toBigDecimal().signum() == 0)
            assertTrue(phone.airdrop().standing.asOf != null)

            phone.refreshStatement()
            val all = phone.statementScreen()
            assertTrue(all.lines.isNotEmpty() && all.totalsComplete)
            assertEquals(all.lines, phone.statement().lines)
            phone.setStatementFilter(StatementFilter(asset = Asset.HI_VALUE, direction = Direction.CAME, from = phone.today().day))
            val some = phone.statementScreen()
            assertEquals(listOf(Asset.HI_VALUE), some.lines.map { it.asset }.distinct())
            assertEquals(some.lines.sumOf { it.amount.toBigDecimal() }, some.totals.sumOf { it.came.toBigDecimal() })
            phone.setStatementFilter(StatementFilter(direction = Direction.WENT, event = "no such event"))
            assertTrue(phone.statementScreen().lines.isEmpty())
            val wrong = assertThrows<PhoneException.Invalid> { phone.setStatementFilter(StatementFilter(to = "tomorrow")) }
            assertEquals("to", wrong.field)
            phone.setStatementFilter(StatementFilter())
            phone.loadMoreStatement()

            val explained = phone.explainLine(all.lines[0].line)
            assertEquals(all.lines[0], explained.line)
            assertTrue(explained.together.all { it.journal == explained.line.journal })
            assertEquals("no_such_line", assertThrows<PhoneException.Failed> { runBlocking { phone.explainLine("x") } }.code)
            phone.loadMoreAirdrop()
        }
    }

    @Test
    fun `who a member is, and whom he invited`() = runBlocking {
        open(dir, server.url).use { phone ->
            phone.signInAs(server)
            phone.refreshMe()
            val invite = phone.me().invite!!
            assertTrue(invite.link.endsWith(invite.code) && invite.code in invite.text)
            open(File(dir, "friend"), server.url).use { it.signInAs(server, invite.code) }

            phone.refreshTeam()
            phone.loadMoreTeam()
            val team = phone.team()
            assertEquals(listOf(1L, 1L), listOf(team.team!!.direct, team.team.team))
            assertEquals(1, team.direct.size)
            assertTrue("****" in team.direct[0].phone!!)
            val next = team.team.next!!
            assertTrue(next.conditions.all { it.missing == it.needed - it.reached } && next.missing.isNotEmpty())

            phone.refreshRules()
            val rules = phone.rules()
            assertFalse(rules.accepted)
            assertTrue(rules.rules!!.sentences.size > 3)
            phone.acceptRules(rules.rules.rulebook.version.toUInt())
            assertTrue(phone.rules().accepted)

            phone.refreshMessages()
            val messages = phone.messages()
            assertTrue(messages.messages.any { it.kind == MessageKind.REWARD && it.about is About.Journal })
            phone.readMessage(messages.messages.first { !it.read }.id)
            assertEquals(messages.unread - 1, phone.messages().unread)
            phone.readAllMessages()
            assertEquals(0, phone.messages().unread)

            phone.refreshDevices()
            assertEquals(listOf("A test's phone"), phone.devicesScreen().devices.map { it.name })
            phone.giveConsent(NewConsent(Purpose.HEALTH, "1", true))
            phone.refreshConsents()
            val consents = phone.consentsScreen()
            assertTrue(consents.now.any { it.purpose == Purpose.HEALTH && it.given })
            assertTrue(consents.history.size >= consents.now.size)
        }
    }

    @Test
    fun `settings last`() {
        val chosen = Settings(Language.ENGLISH, Theme.DARK, speech = true, routeUpload = false)
        open(dir, language = Language.CHINESE).use { phone ->
            assertNull(phone.settings().language)
            assertEquals(Language.CHINESE, phone.language())
            phone.setSettings(chosen)
            assertEquals(Language.ENGLISH, phone.language())
            phone.shutDown()
        }
        open(dir, language = Language.CHINESE).use { assertEquals(chosen to Language.ENGLISH, it.settings() to it.language()) }
    }

    @Test
    fun `bands without a radio, and without Bluetooth`() = runBlocking {
        open(dir).use { phone ->
            assertEquals("radio_off", assertThrows<PhoneException.Failed> { phone.scanBands(10) }.code)
            assertFalse(phone.bands().started)
            phone.bluetoothIs(Bluetooth.OFF)
            // The tests' system has no Bluetooth: see the pom.
            phone.startRadio()
            val trouble = eventually("what is the matter") { phone.bands().trouble }
            assertTrue(trouble.text.length > 10, "$trouble")
            assertEquals("no_such_band", assertThrows<PhoneException.Failed> { phone.pairBand("AA:BB:CC:DD:EE:FF") }.code)
            assertEquals("no_such_band", assertThrows<PhoneException.Failed> { phone.catchUpBand("x") }.code)
            assertEquals("no_such_band", assertThrows<PhoneException.Failed> { phone.askBandBattery("x") }.code)
            assertEquals("no_such_band", assertThrows<PhoneException.Failed> { phone.setBandOneFoot("x", true) }.code)
            assertEquals("no_such_band", assertThrows<PhoneException.Failed> { runBlocking { phone.forgetBand("x") } }.code)
            phone.scanBands(1)
            waitUntil("the scan is over") { !phone.bands().scanning }
            phone.stopScan()
            assertNotNull(phone.bands().trouble)
        }
    }

    companion object {
        val server = Server()

        @JvmStatic
        @AfterAll
        fun stop() = server.close()
    }
}
