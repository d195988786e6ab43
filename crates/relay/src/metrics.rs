//! What the relay has done, in numbers, in the form that Prometheus reads. No id of anybody is among them.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the time that an answer took, in milliseconds.
const BOUNDS: [u64; 10] = [1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000];
/// The routes that are counted.
pub const ROUTES: [&str; 12] =
    ["challenge", "login", "look", "ask", "push", "bodies", "snapshots", "snapshot", "keep", "drop", "wake", "other"];

#[derive(Debug, Default)]
struct Route {
    /// By the first figure of the status: 2, 4, 5; anything else.
    statuses: [AtomicU64; 4],
    within: [AtomicU64; BOUNDS.len()],
    took_micros: AtomicU64,
}

/// The numbers.
#[derive(Debug, Default)]
pub struct Metrics {
    routes: [Route; ROUTES.len()],
    segments: AtomicU64,
    records_refused: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    waiting: AtomicU64,
}

impl Metrics {
    /// An answer was given.
    pub fn answered(&self, route: &str, status: u16, took: Duration) {
        let at = ROUTES.iter().position(|name| *name == route).unwrap_or(ROUTES.len() - 1);
        let Some(route) = self.routes.get(at) else { return };
        let class = match status / 100 {
            2 => 0,
            4 => 1,
            5 => 2,
            _ => 3,
        };
        add(route.statuses.get(class), 1);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        for (bound, count) in BOUNDS.iter().zip(&route.within) {
            if millis <= *bound {
                add(Some(count), 1);
            }
        }
        add(Some(&route.took_micros), u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Segments were kept that are new, and some were refused.
    pub fn kept(&self, new: usize, refused: usize) {
        add(Some(&self.segments), new as u64);
        add(Some(&self.records_refused), refused as u64);
    }

    /// Bytes came, and went.
    pub fn carried(&self, came: usize, went: usize) {
        add(Some(&self.bytes_in), came as u64);
        add(Some(&self.bytes_out), went as u64);
    }

    /// Somebody waits for news, until the answer is dropped.
    #[must_use]
    pub fn waits(self: &std::sync::Arc<Self>) -> Waiting {
        add(Some(&self.waiting), 1);
        Waiting(std::sync::Arc::clone(self))
    }

    /// As Prometheus reads them.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        heading(&mut out, "relay_requests_total", "counter", "Answers, by route and by the kind of status.");
        for (name, route) in ROUTES.iter().zip(&self.routes) {
            for (class, count) in ["ok", "refused", "failed", "other"].iter().zip(&route.statuses) {
                let _ = writeln!(out, "relay_requests_total{{route=\"{name}\",status=\"{class}\"}} {}", read(count));
            }
        }
        heading(&mut out, "relay_request_seconds", "histogram", "How long answers took, by route.");
        for (name, route) in ROUTES.iter().zip(&self.routes) {
            let all: u64 = route.statuses.iter().map(read).sum();
            for (bound, count) in BOUNDS.iter().zip(&route.within) {
                let (seconds, count) = (Duration::from_millis(*bound).as_secs_f64(), read(count));
                let _ = writeln!(out, "relay_request_seconds_bucket{{route=\"{name}\",le=\"{seconds}\"}} {count}");
            }
            let _ = writeln!(out, "relay_request_seconds_bucket{{route=\"{name}\",le=\"+Inf\"}} {all}");
            let took = Duration::from_micros(read(&route.took_micros)).as_secs_f64();
            let _ = writeln!(out, "relay_request_seconds_sum{{route=\"{name}\"}} {took}");
            let _ = writeln!(out, "relay_request_seconds_count{{route=\"{name}\"}} {all}");
        }
        for (name, kind, help, number) in [
            ("relay_segments_kept_total", "counter", "Segments kept that were new.", &self.segments),
            ("relay_refused_total", "counter", "Segments, entries and statements refused.", &self.records_refused),
            ("relay_bytes_in_total", "counter", "Bytes of requests.", &self.bytes_in),
            ("relay_bytes_out_total", "counter", "Bytes of answers.", &self.bytes_out),
            ("relay_waiting", "gauge", "Laptops that wait for news.", &self.waiting),
        ] {
            heading(&mut out, name, kind, help);
            let _ = writeln!(out, "{name} {}", read(number));
        }
        out
    }
}

/// Somebody who waits for news.
#[derive(Debug)]
pub struct Waiting(std::sync::Arc<Metrics>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn heading(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn add(number: Option<&AtomicU64>, more: u64) {
    if let Some(number) = number {
        number.fetch_add(more, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_done() {
        let metrics = std::sync::Arc::new(Metrics::default());
        metrics.answered("push", 200, Duration::from_millis(4));
        metrics.answered("push", 507, Duration::from_millis(400));
        metrics.answered("nowhere", 404, Duration::ZERO);
        metrics.kept(3, 1);
        let waiting = metrics.waits();
        let text = metrics.text();
        for line in [
            "relay_requests_total{route=\"push\",status=\"ok\"} 1",
            "relay_requests_total{route=\"push\",status=\"failed\"} 1",
            "relay_requests_total{route=\"other\",status=\"refused\"} 1",
            "relay_request_seconds_bucket{route=\"push\",le=\"0.005\"} 1",
            "relay_request_seconds_bucket{route=\"push\",le=\"+Inf\"} 2",
            "relay_segments_kept_total 3",
            "relay_refused_total 1",
            "relay_waiting 1",
        ] {
            assert!(text.lines().any(|said| said == line), "{line} in {text}");
        }
        drop(waiting);
        assert!(metrics.text().lines().any(|said| said == "relay_waiting 0"));
    }
}
