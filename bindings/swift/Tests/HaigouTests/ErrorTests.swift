import Foundation
import Haigou
import HaigouTesting
import XCTest

/// What fails says why: a code for the app, and a sentence in the app's language for the person.
final class ErrorTests: XCTestCase {
    /// Fails twice, in each language, with the same code.
    private func assertFails(
        _ code: String, _ phone: Phone, line: UInt = #line, _ work: () async throws -> Void
    ) async {
        phone.setLanguage(language: .english)
        let english = await thrown(work, line: line)
        phone.setLanguage(language: .chinese)
        let chinese = await thrown(work, line: line)
        XCTAssertEqual([english?.code(), chinese?.code()], [code, code], line: line)
        assertSpeaks(.english, english, line: line)
        assertSpeaks(.chinese, chinese, line: line)
    }

    private func assertSpeaks(_ language: Language, _ error: PhoneError?, line: UInt = #line) {
        guard let text = error?.text() else { return XCTFail("no error", line: line) }
        let han = text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        XCTAssertEqual(han, language == .chinese, text, line: line)
        XCTAssertTrue(text.hasSuffix(".") || text.hasSuffix("。"), text, line: line)
    }

    func testWhatIsNotPossibleNow() async throws {
        let pocket = try await Pocket()
        let phone = pocket.phone
        await assertFails("no_activity", phone) { try phone.pause() }
        await assertFails("no_such_record", phone) { _ = try await phone.gpx(id: UUID().uuidString) }
        await assertFails("no_such_record", phone) { _ = try await phone.record(id: "none") }
        await assertFails("not_signed_in", phone) { _ = try await phone.profile() }
        _ = try phone.startActivity(kind: .walk)
        await assertFails("activity_under_way", phone) { _ = try phone.startActivity(kind: .run) }
        await assertFails("not_paused", phone) { try phone.resume() }
        try phone.pause()
        await assertFails("already_paused", phone) { try phone.pause() }
        phone.shutDown()
        await assertFails("closed", phone) { _ = try phone.body() }
        await assertFails("closed", phone) { _ = try phone.startActivity(kind: .walk) }
    }

    func testWhatCannotBeTaken() async throws {
        let pocket = try await Pocket()
        let phone = pocket.phone
        let nan = Sample(tUs: 0, x: .nan, y: 0, z: 0)
        await assertFails("samples_invalid", phone) { try phone.feedSamples(samples: [nan]) }
        _ = try phone.startActivity(kind: .walk)
        await assertFails("fix_invalid", phone) { try phone.feedFix(fix: Fix(tMs: nowMs(), lat: 91, lon: 0)) }
        func read(_ steps: Int64, monoMs: Int64) throws {
            try phone.feedCounterReading(
                reading: CounterReading(bootId: try pocket.clock.bootId(), steps: steps, monoMs: monoMs))
        }
        try read(10, monoMs: 30_000)
        await assertFails("reading_implausible", phone) { try read(1_000_000, monoMs: 31_000) }
        let giant = BodyProfile(heightCm: 900)
        await assertFails("out_of_bounds", phone) { try phone.setBody(body: giant) }
        guard case .Invalid(_, _, let field) = await thrown({ try phone.setBody(body: giant) }) else {
            return XCTFail("it isn't invalid")
        }
        XCTAssertEqual(field, "height_cm")
        await assertFails("out_of_bounds", phone) { _ = try await phone.askCode(phone: String(repeating: "1", count: 65)) }
    }

    func testWhatTheNetworkDoes() async throws {
        let lost = try await Pocket().phone
        await assertFails("offline", lost) { _ = try await lost.askCode(phone: "+8613900000001") }
        let hotel = try Answering(nothing: false)
        let caught = try await Pocket(server: hotel.url).phone
        await assertFails("not_our_server", caught) { _ = try await caught.askCode(phone: "+8613900000001") }
    }

    func testWhatTheServerRefuses() async throws {
        let server = try await Server()
        let phone = try await Pocket(server: server.url).phone
        let number = "+8613900000002"
        await assertFails("phone_invalid", phone) { _ = try await phone.askCode(phone: "12") }
        _ = try await phone.askCode(phone: number)
        await assertFails("rate_limited", phone) { _ = try await phone.askCode(phone: number) }
        guard case .Refused(_, _, _, let retryAfterS) = await thrown({ try await phone.askCode(phone: number) }) else {
            return XCTFail("it isn't refused")
        }
        XCTAssertTrue(1...60 ~= (retryAfterS ?? 0))
        let right = try await server.code(for: number)
        let wrong = right == "000000" ? "000001" : "000000"
        let form = SignInForm(phone: number, code: wrong, acceptTerms: true)
        await assertFails("code_wrong", phone) { _ = try await phone.signIn(form: form) }
    }

    func testWhatTheStorageDoes() async throws {
        let pocket = try await Pocket()
        let keys = FolderKeys(folder: pocket.folder.appendingPathComponent("keys"))
        func opening(_ folder: URL, _ language: Language, limit: Int64? = nil) async -> PhoneError? {
            var options = options(folder: folder, server: nowhere, language: language)
            options = PhoneOptions(
                dir: options.dir, serverUrl: options.serverUrl, language: language, deviceName: "A phone", platform: .ios,
                storeLimit: limit)
            return await thrown { try Phone.open(options: options, clock: pocket.clock, keys: keys) }
        }
        func assertDoesNotOpen(_ code: String, _ folder: URL, limit: Int64? = nil, line: UInt = #line) async {
            for language in [Language.english, .chinese] {
                let error = await opening(folder, language, limit: limit)
                XCTAssertEqual(error?.code(), code, line: line)
                assertSpeaks(language, error, line: line)
            }
        }
        await assertDoesNotOpen("store_locked", pocket.folder)
        await assertDoesNotOpen("store_full", try temporaryFolder(), limit: 4096)
        let file = try temporaryFolder().appendingPathComponent("file")
        try Data("no folder".utf8).write(to: file)
        await assertDoesNotOpen("store_failed", file)

        // SQLite keeps the version at byte 60 of the file, the highest byte first.
        pocket.phone.shutDown()
        let store = pocket.folder.appendingPathComponent("phone.sqlite")
        let handle = try FileHandle(forUpdating: store)
        try handle.seek(toOffset: 60)
        try handle.write(contentsOf: Data([0, 0, 39, 15]))
        try handle.close()
        let before = try Data(contentsOf: store)
        await assertDoesNotOpen("store_newer", pocket.folder)
        XCTAssertEqual(try Data(contentsOf: store), before)

        // What a person can do then, if all else is lost.
        let fresh = options(folder: pocket.folder, server: nowhere)
        try wipeUnopened(options: fresh, clock: pocket.clock, keys: keys)
        _ = try await open(fresh, pocket.clock, keys)
    }

    func testAWrongAddress() async throws {
        for language in [Language.english, .chinese] {
            let options = options(folder: try temporaryFolder(), server: "nonsense", language: language)
            let keys = FolderKeys(folder: try temporaryFolder())
            let error = await thrown { try Phone.open(options: options, clock: HandClock(wallMs: nowMs()), keys: keys) }
            XCTAssertEqual(error?.code(), "server_address")
            assertSpeaks(language, error)
        }
    }
}
