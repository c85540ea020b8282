//! Numbers that look drawn by lot and are the same on every machine: integers only, no float.

/// A stream of numbers (SplitMix64).
#[derive(Debug)]
pub(super) struct Draw {
    state: u64,
}

impl Draw {
    /// The stream of that number under a seed.
    pub fn new(seed: u64, stream: u64) -> Draw {
        let mut draw = Draw { state: seed };
        draw.state = draw.next().wrapping_add(stream);
        draw.state = draw.next();
        draw
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        let product = (self.next() >> 32) * u64::from(bound);
        (product >> 32) as u32
    }

    /// A number of seconds from 0 to `bound` - 1.
    pub fn seconds(&mut self, bound: u32) -> i64 {
        i64::from(self.below(bound))
    }

    /// True in `percent` of 100 cases.
    pub fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the list, each as likely; a list that names something twice makes it twice as likely.
    pub fn one_of<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let place = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.get(place as usize).copied().unwrap_or_default()
    }

    /// A count of independent events of which `tenths` / 10 are expected.
    pub fn count(&mut self, tenths: u32) -> usize {
        // Each trial stands for half an event.
        (0..tenths / 5).filter(|_| self.happens(50)).count()
    }
}
