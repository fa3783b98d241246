import Foundation
import Haigou
import HaigouTesting

/// A phone with hands on its clocks, and a folder of its own.
struct Pocket {
    let phone: Phone
    let clock: HandClock
    let folder: URL

    init(_ clock: HandClock = HandClock(wallMs: nowMs()), server: String = nowhere, language: Language = .english) async throws {
        self.clock = clock
        folder = try temporaryFolder()
        phone = try await open(
            options(folder: folder, server: server, language: language), clock,
            FolderKeys(folder: folder.appendingPathComponent("keys")))
    }

    /// Walks so many seconds from where the stroll is.
    func walk(_ stroll: inout Stroll, seconds: Int) throws {
        for _ in 0..<seconds {
            clock.advance(ms: 1_000)
            try phone.feedSamples(samples: stroll.samples(ms: 1_000))
            try phone.feedFix(fix: stroll.fix(wallMs: clock.wallMs()))
        }
        phone.tick()
    }
}
