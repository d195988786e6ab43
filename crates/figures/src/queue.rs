//! Whether a waiting list keeps up. Source of all: NHS England's waiting-list theory as in the R package
//! `NHSRwaitinglist` (Fong and others, *Understanding waiting lists pressures*, 2022). Demand and capacity are people
//! a week; waits are in weeks.

/// Share of a target that the mean wait may be so that nearly everyone is seen within it: a quarter.
const FACTOR: f64 = 4.0;

/// Demand ÷ capacity; above 1 the list grows. `None` without capacity. (`calc_queue_load`)
#[must_use]
pub fn load(demand: f64, capacity: f64) -> Option<f64> {
    (capacity > 0.0).then(|| demand / capacity)
}

/// The size at which people are seen within the target: demand × target wait ÷ 4. (`calc_target_queue_size`)
#[must_use]
pub fn target_size(demand: f64, target_wait: f64) -> f64 {
    demand * target_wait / FACTOR
}

/// True when the list is more than twice its target size.
#[must_use]
pub fn needs_relief(size: f64, target_size: f64) -> bool {
    size > 2.0 * target_size
}

/// The capacity that brings the list to its target size in `weeks`: demand + (size − target) ÷ weeks. `None` for no
/// time at all. (`calc_relief_capacity`)
#[must_use]
pub fn relief_capacity(demand: f64, size: f64, target_size: f64, weeks: f64) -> Option<f64> {
    (weeks > 0.0).then(|| demand + (size - target_size) / weeks)
}

/// 2 × mean wait ÷ target wait: above 1 the list is under pressure. `None` without a target.
/// (`calc_waiting_list_pressure`)
#[must_use]
pub fn pressure(mean_wait: f64, target_wait: f64) -> Option<f64> {
    (target_wait > 0.0).then(|| 2.0 * mean_wait / target_wait)
}

/// Weeks until the list comes down to `target_size` at this demand and capacity: 0 when it is there, `None` when it
/// never will be. The relief formula solved for time.
#[must_use]
pub fn weeks_to_clear(size: f64, target_size: f64, demand: f64, capacity: f64) -> Option<f64> {
    if size <= target_size {
        return Some(0.0);
    }
    (capacity > demand).then(|| (size - target_size) / (capacity - demand))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_values() {
        assert_eq!(target_size(30.0, 52.0), 390.0);
        assert!((relief_capacity(30.0, 1200.0, 390.0, 26.0).unwrap() - 61.153_846).abs() < 1e-6);
        assert_eq!(load(30.0, 27.0).map(|l| (l * 1000.0).round()), Some(1111.0));
        assert_eq!(pressure(63.0, 52.0).map(|p| (p * 1000.0).round()), Some(2423.0));
        assert!(needs_relief(781.0, 390.0) && !needs_relief(780.0, 390.0));
    }

    #[test]
    fn no_capacity_no_time_no_target() {
        assert_eq!(load(3.0, 0.0), None);
        assert_eq!(relief_capacity(3.0, 9.0, 3.0, 0.0), None);
        assert_eq!(pressure(3.0, 0.0), None);
        assert_eq!(weeks_to_clear(9.0, 3.0, 4.0, 4.0), None);
        assert_eq!(weeks_to_clear(3.0, 3.0, 4.0, 1.0), Some(0.0));
    }

    proptest! {
        #[test]
        fn relief_capacity_clears_in_its_time(demand in 0.1..100f64, over in 1.0..2000f64, target in 0.0..500f64, weeks in 1.0..104f64) {
            let size = target + over;
            let capacity = relief_capacity(demand, size, target, weeks).unwrap();
            let took = weeks_to_clear(size, target, demand, capacity).unwrap();
            prop_assert!((took - weeks).abs() < 1e-6 * weeks.max(1.0) * (1.0 + demand));
        }
    }
}
