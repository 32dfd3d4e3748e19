//! The newer of the two hosts exports its log under its name, as an Agent does that has the sixth callback.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bin=agent-host=-Wl,--export-dynamic-symbol=LogMsg");
}
