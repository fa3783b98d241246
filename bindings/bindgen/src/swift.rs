//! `uniffi-bindgen-swift`: writes Swift, C header and module map from a built library. `--help` says how.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
