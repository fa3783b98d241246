package haigou.core

import kotlin.math.PI
import kotlin.math.sin
import kotlin.random.Random

/** A person who walks northwards with the phone in a pocket: a step about every half second, never quite like the last. */
class Walker(seed: Int = 1) {
    private val dice = Random(seed)
    private var tUs = 5_000_000L
    private var phase = 0.0
    private var intervalS = 0.53
    private var height = 0.3
    private var lat = 31.2165

    /** The samples of the next second, at 50 Hz. */
    fun second(): List<Sample> = List(50) {
        tUs += 20_000
        phase += 0.02 / intervalS
        if (phase >= 1.0) {
            phase -= 1.0
            intervalS = dice.nextDouble(0.50, 0.56)
            height = dice.nextDouble(0.24, 0.36)
        }
        val g = 1.0 + dice.nextDouble(-0.01, 0.01) + height * sin(phase * 2 * PI)
        Sample(tUs, 0f, 0f, (g * 9.80665).toFloat())
    }

    /** Where he is a second later. */
    fun position(tMs: Long): Fix {
        lat += 1.3 / 111_195
        return Fix(tMs, lat, 121.5503, accuracyM = 5.0)
    }
}

/** Lets somebody walk with this phone. */
fun Phone.hear(walker: Walker, clock: HandClock, seconds: Int) = repeat(seconds) {
    clock.advance(1_000)
    feedSamples(walker.second())
    feedFix(walker.position(clock.wallMs()))
}
