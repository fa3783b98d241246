package haigou.core

/**
 * Lends the library the Java side of Bluetooth. To be called once, from a thread of the app, before [Phone.startRadio].
 *
 * JNA, which loads the library for everything else, doesn't tell it of the Java VM; so it is loaded by the system first.
 */
object AndroidBluetooth {
    init {
        System.loadLibrary("haigou_bindings")
    }

    external fun prepare()
}
