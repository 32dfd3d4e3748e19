//! The numbers by which Datadog knows an integration: the same for the same check in every export.

use crate::check::Package;

/// 128-bit FNV-1a: offset basis and prime as its authors give them.
const FNV_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// A number for a text, the same everywhere and for ever.
pub(super) fn digest(text: &str) -> u128 {
    text.bytes().fold(FNV_BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(FNV_PRIME))
}

/// The `app_uuid` of a check that has none yet, in the form of a random UUID (version 4).
pub(super) fn app_uuid(package: Package, check: &str) -> String {
    let bits = digest(&format!("{}/{check}", package.name));
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// The `source_type_id` of a check that has none yet: a number of eight digits, which Datadog replaces when it publishes.
pub(super) fn source_type_id(package: Package, check: &str) -> u64 {
    let bits = digest(&format!("{}/{check}/source", package.name));
    10_000_000 + u64::try_from(bits % 90_000_000).unwrap_or_default()
}
