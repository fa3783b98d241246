package haigou.core

import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import java.util.zip.ZipFile
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** What was walked: charts, names, pictures, files, history, and all of it given out and wiped. */
class RecordsTest {
    @TempDir
    lateinit var dir: File
    /** A day in March, at noon in Shanghai: what is summed up by days mustn't depend on when the tests are run. */
    private val clock = HandClock(1_772_424_180_000)
    private lateinit var phone: Phone
    private lateinit var walked: RecordDetail

    @BeforeEach
    fun walk() {
        phone = open(dir, clock = clock)
        phone.setBody(BodyProfile(birthYear = 1990, maxHeartRate = 190u))
        phone.startActivity(ActivityKind.WALK)
        val walker = Walker()
        repeat(600) {
            if (it % 10 == 0) phone.feedHeartRate((110 + it / 10).toUShort())
            phone.hear(walker, clock, 1)
        }
        walked = phone.finish()
    }

    @AfterEach
    fun close() = phone.close()

    @Test
    fun `a record has charts, zones, a name and a picture`() = runBlocking {
        val id = walked.record.id
        assertTrue(walked.chart.size >= 7 && walked.chart.all { it.paceSPerKm in 700.0..850.0 }, "${walked.chart}")
        assertEquals(5, walked.zones!!.timeMs.size)
        assertTrue(walked.zones!!.timeMs.sum() + walked.zones!!.belowMs > 500_000)
        assertTrue(walked.heartByMinute.size >= 10 && walked.heartByMinute[0]!! in 110..120)

        phone.nameRecord(id, "公园", "Sunny")
        assertEquals(listOf("公园", "Sunny"), phone.record(id).record.let { listOf(it.title, it.note) })
        assertTrue("0.7" in phone.shareText(id), phone.shareText(id))
        for (shape in PictureShape.entries) {
            val picture = phone.sharePicture(id, PictureOptions(shape, dark = true, hideEnds = false))
            val image = javax.imageio.ImageIO.read(picture.inputStream())
            assertEquals(if (shape == PictureShape.TALL) 1_920 else 1_080, image.height)
        }
    }

    @Test
    fun `a record goes out as a file, comes in once, and is deleted`() = runBlocking {
        val gpx = phone.gpx(walked.record.id)
        val imported = phone.importGpx(gpx.toByteArray())
        assertTrue(imported.record.imported)
        assertEquals(walked.record.distanceM, imported.record.distanceM, 5.0)
        assertEquals(imported.record.id, phone.importGpx(gpx.toByteArray()).record.id)
        assertEquals(2, phone.records().records.size)
        phone.deleteRecord(imported.record.id)
        assertEquals(listOf(walked.record.id), phone.records().records.map { it.id })
        val broken = assertThrows<PhoneException.Invalid> { runBlocking { phone.importGpx("<gpx".toByteArray()) } }
        assertTrue(broken.text.length > 10)
    }

    @Test
    fun `days and years, goal and streak`() = runBlocking {
        val today = phone.today().day
        val history = phone.history()
        val steps = phone.statistics(Period.DAY, today).total.steps
        assertTrue(steps >= walked.record.steps)
        assertEquals(listOf(steps, steps), listOf(history.day.total.steps, history.year.total.steps))
        assertEquals(24, history.day.bars.size)
        assertTrue(history.personal.any { it.feat == Feat.LONGEST_DISTANCE && it.activity == walked.record.id })
        phone.setDailyGoal(1_000)
        assertEquals(listOf(1_000L, 1_000L), listOf(phone.dailyGoal(), phone.history().goal))
        assertEquals(1, phone.history().streak.days)
        assertEquals("goal", assertThrows<PhoneException.Invalid> { phone.setDailyGoal(-1) }.field)
        assertEquals("day", assertThrows<PhoneException.Invalid> { runBlocking { phone.statistics(Period.WEEK, "no day") } }.field)

        val hour = 3_600_000L
        val bucket = StepBucket(clock.wallMs() - 3 * hour, clock.wallMs() - 2 * hour, 500)
        assertEquals(1, phone.importHistory(HistorySource.HEALTH_CONNECT, listOf(bucket)))
        assertEquals(0, phone.importHistory(HistorySource.HEALTH_CONNECT, listOf(bucket)))
        val nonsense = bucket.copy(steps = Long.MAX_VALUE)
        assertThrows<PhoneException.Invalid> { runBlocking { phone.importHistory(HistorySource.PEDOMETER, listOf(nonsense)) } }
        Unit
    }

    @Test
    fun `all of it is given out, and wiped`() = runBlocking {
        val heard = CopyOnWriteArrayList<ExportProgress>()
        val listener = object : ExportListener {
            override fun onProgress(progress: ExportProgress) {
                heard += progress
            }
        }
        val file = File(dir, "mine.zip")
        val report = phone.exportToFile(file.path, listener)
        assertEquals(1, report.records)
        waitUntil("what it says of its progress") { heard.isNotEmpty() }
        assertTrue(heard.all { it.done <= it.of }, "$heard")
        assertEquals("not_signed_in", report.serverMissing!!.code)
        val names = ZipFile(file).use { zip -> zip.entries().toList().map { it.name } }
        assertEquals(report.files, names.size.toLong())
        assertTrue(names.any { it.endsWith(".gpx") } && "body.json" in names, "$names")
        val nowhere = assertThrows<PhoneException.Storage> { runBlocking { phone.exportToFile("/no/such/folder/x.zip", listener) } }
        assertEquals("export_failed", nowhere.code)
        Cancel().use { cancel ->
            cancel.cancel()
            val other = File(dir, "other.zip")
            val given = assertThrows<PhoneException.Failed> { runBlocking { phone.exportToFile(other.path, listener, cancel) } }
            assertEquals("cancelled", given.code)
            waitUntil("nothing is left of it") { dir.list()!!.none { it.startsWith("other.zip") } }
        }

        phone.wipe()
        assertTrue(phone.records().records.isEmpty())
        assertEquals(BodyProfile(), phone.body())
        assertNull(phone.live().activity)
        assertFalse(file.readBytes().isEmpty())
    }
}
