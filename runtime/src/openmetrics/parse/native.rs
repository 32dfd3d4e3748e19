//! Native histograms of Prometheus: buckets whose bounds follow from their numbers, so that only those that hold something are told.

use super::problem::Mistake;

/// A histogram whose buckets grow by the same factor.
///
/// The factor is two, to the power of two to the negative of the schema: with schema 0 a bucket is twice as wide as the one before it, with
/// schema 3 there are eight buckets for each power of two.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NativeHistogram {
    /// How fine the buckets are, from -4 to 8.
    pub schema: i32,
    /// The greatest magnitude of what the zero bucket holds.
    pub zero_threshold: f64,
    /// How many values the zero bucket holds.
    pub zero_count: f64,
    /// Numbers and counts of the buckets of positive values that hold any, in ascending order.
    pub positive: Vec<(i32, f64)>,
    /// The same of negative values, by their magnitude.
    pub negative: Vec<(i32, f64)>,
}

/// The schemas whose bounds are known.
const SCHEMAS: std::ops::RangeInclusive<i32> = -4..=8;

/// The binary exponents of the least number above zero, and of that which is too great.
const EXPONENTS: (i32, i32) = (-1074, 1024);

impl NativeHistogram {
    /// Whether the bounds of this schema are known.
    ///
    /// # Errors
    /// They are not.
    pub(super) fn check_schema(schema: i32) -> Result<(), Mistake> {
        match schema {
            schema if SCHEMAS.contains(&schema) => Ok(()),
            -53 => Err(Mistake::of_line(
                "native histograms of schema -53, whose buckets have bounds of their own, are not read",
            )),
            _ => Err(Mistake::of_line(format!(
                "native histograms of schema {schema} are not read, only those of -4 to 8"
            ))),
        }
    }

    /// Where the greatest finite number belongs, and the bucket behind it that holds infinity alone.
    const fn greatest(schema: i32) -> i32 {
        scaled(EXPONENTS.1, schema)
    }

    /// The numbers that buckets may have: others would hold nothing that can be observed.
    pub(super) const fn may_have(schema: i32, index: i64) -> bool {
        scaled(EXPONENTS.0, schema) as i64 <= index && index <= Self::greatest(schema) as i64 + 1
    }

    /// The bounds of a bucket of positive values: more than the lower one, as much as the upper one at most. Those of negative values are
    /// the same, negated and exchanged.
    pub fn bounds(&self, index: i32) -> (f64, f64) {
        (self.upper(index - 1), self.upper(index))
    }

    fn upper(&self, index: i32) -> f64 {
        let greatest = Self::greatest(self.schema);
        match index.cmp(&greatest) {
            std::cmp::Ordering::Greater => f64::INFINITY,
            std::cmp::Ordering::Equal => f64::MAX,
            std::cmp::Ordering::Less => boundary(self.schema, index),
        }
    }
}

/// An exponent as the number of a bucket.
const fn scaled(exponent: i32, schema: i32) -> i32 {
    if schema < 0 { exponent >> -schema } else { exponent << schema }
}

/// The upper bound of a bucket, which is finite.
fn boundary(schema: i32, index: i32) -> f64 {
    if schema <= 0 {
        return power_of_two(i64::from(index) << -schema);
    }
    let parts = 1 << schema;
    let within = f64::from(index.rem_euclid(parts)) / f64::from(parts);
    within.exp2() * power_of_two(i64::from(index.div_euclid(parts)))
}

/// Two to the power of an exponent; zero where it is too small.
fn power_of_two(exponent: i64) -> f64 {
    match exponent {
        1024.. => f64::INFINITY,
        -1022.. => f64::from_bits((exponent + 1023).cast_unsigned() << 52),
        -1074.. => f64::from_bits(1 << (exponent + 1074)),
        _ => 0.0,
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "bounds are exact here")]
mod tests {
    use super::NativeHistogram;

    fn bounds(schema: i32, index: i32) -> (f64, f64) {
        NativeHistogram { schema, ..NativeHistogram::default() }.bounds(index)
    }

    #[test]
    fn bounds_are_powers_of_the_factor() {
        assert_eq!(bounds(0, 0), (0.5, 1.0));
        assert_eq!(bounds(0, 1), (1.0, 2.0));
        assert_eq!(bounds(0, -3), (0.0625, 0.125));
        assert_eq!(bounds(-4, 1), (1.0, 65536.0));
        assert_eq!(bounds(-4, 0), (1.0 / 65536.0, 1.0));
        let (lower, upper) = bounds(3, 1);
        assert_eq!((lower, upper), (1.0, 2_f64.powf(0.125)));
        let (lower, upper) = bounds(8, -255);
        assert_eq!((lower, upper), (0.5, 0.5 * (1.0 / 256.0_f64).exp2()));
        assert_eq!(bounds(1, 4), (2.0 * 2_f64.sqrt(), 4.0));
    }

    #[test]
    fn the_greatest_and_the_least_bounds_can_be_told() {
        for (schema, greatest) in [(8, 262_144), (3, 8192), (0, 1024), (-1, 512), (-4, 64)] {
            let (lower, upper) = bounds(schema, greatest);
            assert!(lower.is_finite() && lower < upper, "{schema}");
            assert_eq!(upper, f64::MAX, "{schema}");
            assert_eq!(bounds(schema, greatest + 1), (f64::MAX, f64::INFINITY), "{schema}");
            assert!(NativeHistogram::may_have(schema, i64::from(greatest) + 1));
            assert!(!NativeHistogram::may_have(schema, i64::from(greatest) + 2));
        }
        assert_eq!(bounds(0, -1074), (0.0, 5e-324));
        assert_eq!(bounds(0, -1022), (2_f64.powi(-1023), f64::MIN_POSITIVE));
        assert!(NativeHistogram::may_have(0, -1074) && !NativeHistogram::may_have(0, -1075));
        assert_eq!(bounds(-4, -67), (0.0, 2_f64.powi(-536).powi(2)));
    }

    #[test]
    fn a_bucket_is_two_of_the_next_finer_schema() {
        for schema in -4..8 {
            for index in [-20, -1, 0, 1, 2, 17] {
                let (lower, upper) = bounds(schema, index);
                assert_eq!(bounds(schema + 1, 2 * index - 1).0, lower);
                assert_eq!(bounds(schema + 1, 2 * index).1, upper);
            }
        }
    }
}
