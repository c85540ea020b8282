//! Exponentials, and quantiles of the normal distribution, that are the same to the digit on every
//! machine: the platform's own mathematics is not.

/// How many quantiles there are; an even number.
pub(crate) const QUANTILES: usize = 64;

/// The quantiles (½ + *k*)/64 of the standard normal distribution above its middle; those below
/// mirror them.
const UPPER: [f64; QUANTILES / 2] = [
    0.019584285230127,
    0.058782936068943,
    0.098072152488661,
    0.137513402144336,
    0.17716982099174,
    0.21710694721013,
    0.257393526100938,
    0.298102412930487,
    0.339311606538817,
    0.381105454763556,
    0.4235760842012,
    0.46682512285259,
    0.510965806738247,
    0.556125593618691,
    0.602449453164424,
    0.650104070647995,
    0.69928330238322,
    0.75021537546794,
    0.803172565597918,
    0.858484474141832,
    0.916556667533112,
    0.977897543940542,
    1.043158263318454,
    1.113194277160928,
    1.189164350199337,
    1.272698641190536,
    1.366203816372098,
    1.473467577947101,
    1.601008664886076,
    1.761670410363066,
    1.987427885929896,
    2.417559016236505,
];

/// The quantile (½ + `number`)/64 of the standard normal distribution; numbers go round.
pub(crate) fn normal_quantile(number: u32) -> f64 {
    let number = number as usize % QUANTILES;
    let half = QUANTILES / 2;
    match number.checked_sub(half) {
        Some(above) => UPPER.get(above).copied().unwrap_or_default(),
        None => -UPPER.get(half - 1 - number).copied().unwrap_or_default(),
    }
}

/// *e* to the power of `x`, for |`x`| up to 16 within 10⁻¹² of itself: the first terms of its series
/// for `x`/1024, squared ten times.
pub(crate) fn exponential(x: f64) -> f64 {
    let small = x / 1024.0;
    let (mut sum, mut term) = (1.0, 1.0);
    for number in 1..=9 {
        term = term * small / f64::from(number);
        sum += term;
    }
    for _ in 0..10 {
        sum *= sum;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_exact_enough() {
        for tenth in -160..=160 {
            let x = f64::from(tenth) / 10.0;
            let distance = (exponential(x) / x.exp() - 1.0).abs();
            assert!(distance < 1e-12, "{x}: {distance}");
        }
        assert_eq!(exponential(0.0), 1.0);
    }

    #[test]
    fn quantiles_are_symmetric_and_of_spread_one() {
        let all: Vec<f64> = (0..64).map(normal_quantile).collect();
        assert!(all.is_sorted());
        assert!((0..64).all(|number| all[number] == -all[63 - number]));
        // The middle quantiles of 64 equal parts have a little less spread than the whole.
        let variance = all.iter().map(|z| z * z).sum::<f64>() / 64.0;
        assert!((0.97..1.0).contains(&variance), "{variance}");
        // From a table of the normal distribution: P(Z < 1.6010) = 0.9453 = 60.5/64.
        assert!((normal_quantile(60) - 1.6010).abs() < 1e-4);
        assert_eq!(normal_quantile(64), normal_quantile(0));
    }
}
