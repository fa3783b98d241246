import Foundation
import Haigou
import HaigouTesting
import Synchronization
import XCTest

/// What was walked: pictures, files, days, and all of it given out and wiped.
final class RecordTests: XCTestCase {
    /// A day in March, at noon in Shanghai: what is summed up by days mustn't depend on when the tests are run.
    private let noonMs: Int64 = 1_772_424_180_000

    /// Ten minutes from noon.
    private func walked() async throws -> (Pocket, Record) {
        let pocket = try await Pocket(HandClock(wallMs: noonMs))
        var stroll = Stroll()
        _ = try pocket.phone.startActivity(kind: .walk)
        try pocket.walk(&stroll, seconds: 600)
        return (pocket, try pocket.phone.finish().record)
    }

    func testARecordHasANameAndAPicture() async throws {
        let (pocket, walked) = try await walked()
        try await pocket.phone.nameRecord(id: walked.id, title: "公园", note: "Sunny")
        let record = try await pocket.phone.record(id: walked.id).record
        XCTAssertEqual([record.title, record.note], ["公园", "Sunny"])
        for (shape, height) in [(PictureShape.square, 1_080), (.tall, 1_920)] {
            let options = PictureOptions(shape: shape, dark: true, hideEnds: false)
            let picture = try await pocket.phone.sharePicture(id: walked.id, options: options)
            XCTAssertTrue(picture.starts(with: [0x89] + Data("PNG".utf8)))
            // PNG's header gives width and height after 16 bytes, the highest byte first.
            XCTAssertEqual(picture[20..<24].reduce(0) { $0 << 8 + Int($1) }, height)
        }
    }

    func testARecordGoesOutAsAFileComesInOnceAndIsDeleted() async throws {
        let (pocket, walked) = try await walked()
        let gpx = Data(try await pocket.phone.gpx(id: walked.id).utf8)
        let imported = try await pocket.phone.importGpx(file: gpx).record
        XCTAssertTrue(imported.imported)
        XCTAssertEqual(imported.distanceM, walked.distanceM, accuracy: 5)
        let again = try await pocket.phone.importGpx(file: gpx).record
        XCTAssertEqual(again.id, imported.id)
        XCTAssertEqual(pocket.phone.records().records.count, 2)
        try await pocket.phone.deleteRecord(id: imported.id)
        XCTAssertEqual(pocket.phone.records().records.map(\.id), [walked.id])
        let broken = await thrown { try await pocket.phone.importGpx(file: Data("<gpx".utf8)) }
        XCTAssertEqual(broken?.code(), "gpx_syntax")
    }

    func testDaysHaveTheirFigures() async throws {
        let (pocket, walked) = try await walked()
        try pocket.phone.setDailyGoal(steps: 1_000)
        XCTAssertEqual(pocket.phone.history().goal, 1_000)
        let day = pocket.phone.today().day
        let week = try await pocket.phone.statistics(period: .week, day: day).total.steps
        XCTAssertEqual(week, pocket.phone.history().week.total.steps)
        let year = try await pocket.phone.statistics(period: .year, day: day).total.steps
        XCTAssertGreaterThanOrEqual(year, walked.steps)
        let hour: Int64 = 3_600_000
        let bucket = StepBucket(fromMs: noonMs - 3 * hour, toMs: noonMs - 2 * hour, steps: 500)
        let taken = try await pocket.phone.importHistory(source: .healthKit, buckets: [bucket])
        XCTAssertEqual(taken, 1)
        let twice = try await pocket.phone.importHistory(source: .healthKit, buckets: [bucket])
        XCTAssertEqual(twice, 0)
    }

    func testAllOfItIsGivenOutAndWiped() async throws {
        let (pocket, _) = try await walked()
        let progress = Progress()
        let file = pocket.folder.appendingPathComponent("mine.zip")
        let report = try await pocket.phone.exportToFile(path: file.path, listener: progress)
        XCTAssertEqual(report.records, 1)
        XCTAssertEqual(report.serverMissing?.code, "not_signed_in")
        XCTAssertTrue(try Data(contentsOf: file).starts(with: Data("PK".utf8)))
        try await becomesTrue("what it says of its progress") { progress.heard.count > 0 }
        let nowhere = await thrown { try await pocket.phone.exportToFile(path: "/no/such/folder/x.zip", listener: progress) }
        XCTAssertEqual(nowhere?.code(), "export_failed")
        let cancel = Cancel()
        cancel.cancel()
        let other = pocket.folder.appendingPathComponent("other.zip")
        let given = await thrown {
            try await pocket.phone.exportToFile(path: other.path, listener: progress, cancel: cancel)
        }
        XCTAssertEqual(given?.code(), "cancelled")
        try await becomesTrue("that nothing is left of it") {
            !FileManager.default.fileExists(atPath: other.path) && !FileManager.default.fileExists(atPath: other.path + ".part")
        }
        try await pocket.phone.wipe()
        XCTAssertEqual(pocket.phone.records().records, [])
        XCTAssertNil(pocket.phone.live().activity)
    }
}

private final class Progress: ExportListener, Sendable {
    let heard = Counter()

    func onProgress(progress: ExportProgress) throws {
        heard.add()
    }
}
