import Haigou
import Synchronization

/// Clocks that are moved by hand.
public final class HandClock: Clock, Sendable {
    private let hands: Mutex<(wallMs: Int64, monoMs: Int64)>

    /// A phone that was started a minute ago, and whose wall clock shows this.
    public init(wallMs: Int64) {
        hands = Mutex((wallMs, 60_000))
    }

    /// Lets time pass.
    public func advance(ms: Int64) {
        hands.withLock { hands in
            hands.wallMs += ms
            hands.monoMs += ms
        }
    }

    public func wallMs() throws -> Int64 {
        hands.withLock { $0.wallMs }
    }

    public func monoMs() throws -> Int64 {
        hands.withLock { $0.monoMs }
    }

    public func bootId() throws -> String {
        "boot-1"
    }
}
