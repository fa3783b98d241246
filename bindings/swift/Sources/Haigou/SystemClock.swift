import Foundation
import HaigouCore

/// The clocks of this device. The one that doesn't jump goes on while the device sleeps.
public final class SystemClock: Clock, Sendable {
    public init() {}

    public func wallMs() throws -> Int64 {
        Int64(Date().timeIntervalSince1970 * 1000)
    }

    public func monoMs() throws -> Int64 {
        #if canImport(Darwin)
            // Darwin's CLOCK_MONOTONIC_RAW is mach_continuous_time: it counts sleep.
            let clock = CLOCK_MONOTONIC_RAW
        #else
            let clock = CLOCK_BOOTTIME
        #endif
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else {
            throw ClockError.Failed(reason: "errno \(errno)")
        }
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    public func bootId() throws -> String {
        #if canImport(Darwin)
            var length = 0
            guard sysctlbyname("kern.bootsessionuuid", nil, &length, nil, 0) == 0 else {
                throw ClockError.Failed(reason: "errno \(errno)")
            }
            var text = [UInt8](repeating: 0, count: length)
            guard sysctlbyname("kern.bootsessionuuid", &text, &length, nil, 0) == 0 else {
                throw ClockError.Failed(reason: "errno \(errno)")
            }
            return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        #else
            return try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
                .trimmingCharacters(in: .newlines)
        #endif
    }
}
