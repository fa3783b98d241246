//! Android's door: Bluetooth needs Java classes, which only the app's own class loader knows.

#![expect(unreachable_pub, reason = "only a public function gets its name for Java")]

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::jni_mangle;
use jni::objects::JObject;

/// `haigou.core.AndroidBluetooth.prepare()`: called once by the app, before the radio is started.
#[jni_mangle("haigou.core.AndroidBluetooth")]
pub fn prepare<'local>(mut env: EnvUnowned<'local>, _: JObject<'local>) {
    env.with_env(btleplug::platform::init)
        .resolve::<ThrowRuntimeExAndDefault>();
}
