import Foundation
import Synchronization
import XCTest

/// `haigou serve` on a database of its own. One for all tests of a class: each test has phone numbers of its own.
final class Server: Sendable {
    /// Where it listens, for example `http://127.0.0.1:4711`.
    let url: String
    private let process: Process
    private let said: Said

    /// Starts it, and waits until it serves.
    init() async throws {
        guard let program = ProcessInfo.processInfo.environment["HAIGOU_SERVER"] else {
            throw Failure("HAIGOU_SERVER has to name the program: use ./test")
        }
        let folder = try temporaryFolder()
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve"]
        process.currentDirectoryURL = folder
        process.environment = [
            "HAIGOU_DB": "sqlite:" + folder.appendingPathComponent("haigou.db").path, "HAIGOU_LISTEN": "127.0.0.1:0",
            "HAIGOU_RULEBOOK": "sport",
        ]
        let log = Pipe()
        process.standardError = log
        try process.run()
        said = Said(log)
        let line = try await said.line { $0.contains("haigou serves on ") }
        url = String(line.components(separatedBy: "haigou serves on ")[1].prefix { $0 != " " })
    }

    deinit {
        // Nothing is to be saved, and Foundation can't wait for it on another thread than it was started on.
        kill(process.processIdentifier, SIGKILL)
    }

    /// The code that was sent to a number, as a developer reads it in the log.
    func code(for number: String) async throws -> String {
        let line = try await said.line { $0.contains("SMS code") && $0.contains(number) }
        return String(line.components(separatedBy: "code=")[1].filter(\.isNumber).prefix(6))
    }
}

/// What a process says, line by line.
final class Said: Sendable {
    private let state = Mutex(State())

    private struct State {
        var lines: [String] = []
        var unfinished = Data()
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    init(_ pipe: Pipe) {
        let file = pipe.fileHandleForReading
        Thread.detachNewThread {
            while true {
                let data = file.availableData
                if data.isEmpty { return }
                self.hear(data)
            }
        }
    }

    private func hear(_ data: Data) {
        let waiting = state.withLock { state in
            state.unfinished += data
            while let end = state.unfinished.firstIndex(of: 10) {
                state.lines.append(String(decoding: state.unfinished[..<end], as: UTF8.self))
                state.unfinished = Data(state.unfinished[(end + 1)...])
            }
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    /// The newest line like this, once there is one.
    func line(like wanted: @escaping @Sendable (String) -> Bool) async throws -> String {
        try await soon("such a line of the log") {
            while true {
                let found = self.state.withLock { $0.lines.last(where: wanted) }
                if let found { return found }
                await withCheckedContinuation { next in
                    // Somebody may have spoken since.
                    let missed = self.state.withLock { state in
                        let missed = state.lines.contains(where: wanted)
                        if !missed { state.waiting.append(next) }
                        return missed
                    }
                    if missed { next.resume() }
                }
            }
        }
    }
}
