//! Chance from a seed: the same seed and label throw the same dice on every machine.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Dice of one purpose.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice for `what` and its `number`; what one purpose throws never depends on how often another did.
    pub(super) fn new(seed: u64, what: &str, number: u64) -> Self {
        let mut hash = blake3::Hasher::new_derive_key("talking-point demo dice 1");
        hash.update(&seed.to_le_bytes());
        hash.update(&number.to_le_bytes());
        hash.update(what.as_bytes());
        Self(ChaCha8Rng::from_seed(*hash.finalize().as_bytes()))
    }

    /// Sixteen bytes for an id.
    pub(super) fn id(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        // A random (version 4) UUID to the eye, though it comes from the seed.
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        bytes
    }

    /// A whole number from 0 to `below` − 1; 0 when `below` is 0.
    pub(super) fn below(&mut self, below: u32) -> u32 {
        // The bias of a remainder of 64 bits is far beyond what a demo can show.
        u32::try_from(self.0.next_u64() % u64::from(below.max(1))).unwrap_or(0)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// True `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `items`; the default when there are none.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let which = self.below(u32::try_from(items.len()).unwrap_or(u32::MAX));
        items.get(which as usize).copied().unwrap_or_default()
    }

    /// A number from 0 up to 1.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(self.below(1 << 30)) / f64::from(1_u32 << 30)
    }

    /// How many come when `mean` come on average (Poisson, by Knuth's product).
    pub(super) fn arrivals(&mut self, mean: f64) -> u32 {
        let floor = (-mean.min(50.0)).exp();
        let (mut count, mut product) = (0, self.share());
        while product > floor && count < 200 {
            count += 1;
            product *= self.share();
        }
        count
    }

    /// Days around `mean`, skewed as waits are: the sum of six exponential shares.
    pub(super) fn wait(&mut self, mean: f64) -> f64 {
        (0..6).map(|_| -(1.0 - self.share()).ln() * mean / 6.0).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throw = |seed, what, n| {
            let mut d = Dice::new(seed, what, n);
            (d.id(), d.below(1000), d.arrivals(3.0))
        };
        assert_eq!(throw(1, "people", 2), throw(1, "people", 2));
        assert_ne!(throw(1, "people", 2), throw(2, "people", 2));
        assert_ne!(throw(1, "people", 2), throw(1, "visits", 2));
        assert_ne!(throw(1, "people", 2), throw(1, "people", 3));
    }

    #[test]
    fn waits_and_arrivals_keep_their_means() {
        let mut d = Dice::new(7, "means", 0);
        let waits: f64 = (0..4000).map(|_| d.wait(40.0)).sum::<f64>() / 4000.0;
        let arrivals = f64::from((0..4000).map(|_| d.arrivals(4.5)).sum::<u32>()) / 4000.0;
        assert!((waits - 40.0).abs() < 1.5, "{waits}");
        assert!((arrivals - 4.5).abs() < 0.2, "{arrivals}");
    }
}
