import Foundation
import Haigou

/// Somebody who walks straight to the north with a phone in a hand: 1.9 steps and 1.3 m a second, never twice the same. The same
/// seed gives the same stroll.
public struct Stroll {
    /// How much of it is over.
    public private(set) var ms: Int64 = 0
    /// Steps that were really made.
    public private(set) var steps: Int64 = 0

    private var rested: Int64 = 0
    private var chance: SplitMix
    private var phase = 0.0
    private var rate = 1.9
    private var strength = 2.5

    public init(seed: UInt64 = 1) {
        chance = SplitMix(state: seed)
    }

    /// The accelerometer's next milliseconds, at 50 Hz.
    public mutating func samples(ms length: Int64) -> [Sample] {
        stride(from: ms, to: ms + length, by: 20).map { t in
            ms = t + 20
            phase += 0.02 * rate
            if phase >= 1 {
                phase -= 1
                steps += 1
                // Nobody steps like a machine.
                rate = 1.9 * (1 + 0.06 * noise())
                strength = 2.5 * (1 + 0.25 * noise())
            }
            let beat = 2 * Double.pi * phase
            let upwards = 9.81 + strength * sin(beat) + 0.3 * strength * sin(2 * beat + 0.5) + 0.1 * noise()
            let sidewards = 0.4 * cos(beat / 2) + 0.1 * noise()
            return Sample(tUs: t * 1000, x: Float(sidewards), y: Float(0.1 * noise()), z: Float(upwards))
        }
    }

    /// Time in which nobody walks, and nobody listens.
    public mutating func rest(ms length: Int64) {
        ms += length
        rested += length
    }

    /// Where the walker is by now.
    public func fix(wallMs: Int64) -> Fix {
        let metres = 1.3 * Double(ms - rested) / 1000
        return Fix(tMs: wallMs, lat: 31.2165 + metres / 111_195, lon: 121.5503, accuracyM: 5)
    }

    private mutating func noise() -> Double {
        Double.random(in: -1...1, using: &chance)
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
