import Foundation
import Haigou
import HaigouTesting
import XCTest

/// What a member's phone goes through, against the real server.
final class LifeTests: XCTestCase {
    private let minute: Int64 = 60_000

    /// Without a network somebody walks, the app is killed in between, goes on, and brings it all to the server afterwards.
    func testAWalkOutlivesTheAppAndCountsOnce() async throws {
        let server = try await Server()
        let folder = try temporaryFolder()
        let clock = HandClock(wallMs: nowMs() - 12 * minute)
        let keys = FolderKeys(folder: folder.appendingPathComponent("keys"))
        let options = options(folder: folder, server: server.url)
        var stroll = Stroll()

        func walk(_ phone: Phone, minutes: Int) throws {
            for _ in 0..<(60 * minutes) {
                clock.advance(ms: 1_000)
                try phone.feedSamples(samples: stroll.samples(ms: 1_000))
                try phone.feedFix(fix: stroll.fix(wallMs: clock.wallMs()))
            }
            phone.tick()
        }

        var phone: Phone? = try await open(options, clock, keys)
        let id = try phone!.startActivity(kind: .walk)
        try walk(phone!, minutes: 3)
        let before = try XCTUnwrap(phone!.live().activity)
        // Not told to close: as far as the core knows, the app is dead.
        phone = nil

        let again = try await open(options, clock, keys)
        let after = try XCTUnwrap(again.live().activity)
        XCTAssertEqual(again.live().state, .running)
        XCTAssertEqual(after.id, id)
        XCTAssertEqual(after.steps, before.steps)
        try again.pause()
        XCTAssertEqual(again.live().state, .paused)
        clock.advance(ms: minute)
        stroll.rest(ms: minute)
        try again.resume()
        try walk(again, minutes: 3)
        let record = try again.finish().record
        XCTAssertEqual(record.id, id)
        XCTAssertLessThanOrEqual(abs(record.steps - stroll.steps), stroll.steps / 20, "of \(stroll.steps)")
        XCTAssertEqual(record.distanceM, 1.3 * 360, accuracy: 25)
        XCTAssertFalse(record.estimated)

        // Two minutes later the last minute is closed, and it is the server's time.
        clock.advance(ms: nowMs() - (try clock.wallMs()))
        let number = "+8613900000001"
        let sent = try await again.askCode(phone: number)
        XCTAssertGreaterThan(sent.validForS, 0)
        let code = try await server.code(for: number)
        let signedIn = try await again.signIn(form: SignInForm(phone: number, code: code, acceptTerms: true))
        XCTAssertTrue(signedIn.registered)
        _ = try await again.syncNow()
        let records = try await first("the server's word", of: again.recordsScreens()) { $0.records.first?.judgement != nil }
        XCTAssertEqual(records.records.count, 1)
        XCTAssertEqual(records.records[0].judgement?.countedSteps, record.steps)
        XCTAssertEqual(records.records[0].notCounted, [])

        // The same once more changes nothing.
        let report = try await again.syncNow()
        XCTAssertEqual([report.sent, report.left, report.refused], [0, 0, 0])
        try await again.refreshWallet()
        let wallet = again.wallet()
        XCTAssertEqual(wallet.wallet?.balances.isEmpty, false)
        XCTAssertTrue(wallet.statement.contains { $0.event == "registration" && !$0.text.isEmpty && $0.hash.count == 64 })
        let gpx = try await again.gpx(id: id)
        XCTAssertTrue(gpx.contains("<trkpt"))
        let profile = try await again.profile()
        XCTAssertEqual(profile.member, signedIn.member)

        try await again.signOut()
        XCTAssertEqual(again.status().account, .signedOut)
        again.shutDown()
        let closed = await thrown { try again.body() }
        XCTAssertEqual(closed?.code(), "closed")
    }

    /// A process is killed in the middle of a walk: what it had heard two seconds before is there.
    func testAKilledProcessLosesNothing() async throws {
        let folder = try temporaryFolder()
        let began = nowMs()
        let walker = Process()
        walker.executableURL = Bundle.main.bundleURL.appendingPathComponent("walker")
        walker.arguments = [folder.path, String(began)]
        let out = Pipe()
        walker.standardOutput = out
        let (ends, tell) = AsyncStream.makeStream(of: Process.TerminationReason.self)
        walker.terminationHandler = { tell.yield($0.terminationReason) }
        try walker.run()
        let said = Said(out)
        _ = try await said.line { Int64($0) == 120_000 }
        kill(walker.processIdentifier, SIGKILL)
        let end = try await soon("the walker's end") { await ends.first { _ in true } }
        XCTAssertEqual(end, .uncaughtSignal)
        let heard = try await said.line { Int64($0) != nil }

        // This process takes over where that one was.
        let clock = HandClock(wallMs: began)
        clock.advance(ms: try XCTUnwrap(Int64(heard)))
        let phone = try await open(
            options(folder: folder, server: nowhere), clock, FolderKeys(folder: folder.appendingPathComponent("keys")))
        let live = phone.live()
        XCTAssertEqual(live.state, .running)
        let steps = try XCTUnwrap(live.activity).steps
        var stroll = Stroll()
        _ = stroll.samples(ms: try XCTUnwrap(Int64(heard)) - 2_000)
        XCTAssertGreaterThanOrEqual(steps, stroll.steps * 19 / 20, "of \(stroll.steps)")
        let record = try phone.finish().record
        // The end settles what the last seconds were.
        XCTAssertTrue(steps...(steps + 4) ~= record.steps, "\(record.steps) after \(steps)")
        XCTAssertEqual(record.kind, .walk)
    }
}
