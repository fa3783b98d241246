import Foundation
import Haigou
import Synchronization

/// Keeps what a listener hears.
final class Hearing: LiveListener, Sendable {
    struct Heard {
        var screens: [LiveScreen] = []
        var threads: Set<String> = []
        var atOnce = 0
        var mostAtOnce = 0
    }

    private let heard = Mutex(Heard())
    /// Called with every screen, before it is kept.
    private let then: @Sendable (LiveScreen) throws -> Void
    private let gone: @Sendable () -> Void

    init(then: @escaping @Sendable (LiveScreen) throws -> Void = { _ in }, gone: @escaping @Sendable () -> Void = {}) {
        self.then = then
        self.gone = gone
    }

    deinit {
        gone()
    }

    var all: Heard {
        heard.withLock { $0 }
    }

    var states: [LiveState] {
        all.screens.map(\.state)
    }

    func onChange(screen: LiveScreen) throws {
        let thread = threadName()
        heard.withLock { heard in
            heard.atOnce += 1
            heard.mostAtOnce = max(heard.mostAtOnce, heard.atOnce)
            heard.threads.insert(thread)
        }
        defer {
            heard.withLock { heard in
                heard.atOnce -= 1
                heard.screens.append(screen)
            }
        }
        try then(screen)
    }
}

/// The name that the system knows this thread by.
func threadName() -> String {
    (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
}

/// Counts, from any thread.
final class Counter: Sendable {
    private let value = Mutex(0)

    func add() {
        value.withLock { $0 += 1 }
    }

    var count: Int {
        value.withLock { $0 }
    }
}
