//! `uniffi-bindgen`: writes Kotlin from a built library. `--help` says how.

fn main() {
    uniffi::uniffi_bindgen_main();
}
