//! The table.

use crate::{Bench, REQUESTS, client::Run};
use evolva_persistence::Dialect;
use std::fmt::Write;

/// Which part of the limit each request is to reach: PostgreSQL, SQLite.
const TARGETS: [(f64, f64); 5] = [(0.4, 0.35), (0.7, 0.55), (0.7, 0.5), (0.8, 0.75), (0.4, 0.4)];

#[derive(Default)]
struct Row {
    limit: Vec<f64>,
    product: Vec<f64>,
    ratio: Vec<f64>,
    p50: Vec<u64>,
    p99: Vec<u64>,
    crowd: Run,
}

struct Part {
    dialect: Dialect,
    started: u128,
    idle: f64,
    after: f64,
    rows: Vec<Row>,
}

pub struct Report(Vec<Part>);

pub fn median<T: Copy + PartialOrd>(values: &[T]) -> Option<T> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    sorted.get(sorted.len() / 2).copied()
}

fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let of = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = of(&read("/proc/meminfo"), "MemTotal");
    let gib = memory.split(' ').next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1_048_576.0;
    format!("{cores} cores ({}), {gib:.0} GiB of memory", of(&read("/proc/cpuinfo"), "model name"))
}

impl Report {
    pub fn new(benches: &[Bench]) -> Self {
        let part = |bench: &Bench| Part {
            dialect: bench.dialect,
            started: bench.product.started.as_millis(),
            idle: bench.idle,
            after: 0.0,
            rows: REQUESTS.iter().map(|_| Row::default()).collect(),
        };
        Self(benches.iter().map(part).collect())
    }

    pub fn add(&mut self, place: usize, which: usize, limit: Run, product: Run) {
        let row = &mut self.0[place].rows[which];
        row.limit.push(limit.per_second);
        row.product.push(product.per_second);
        row.ratio.push(product.per_second / limit.per_second);
        row.p50.push(product.percentile(0.5));
        row.p99.push(product.percentile(0.99));
    }

    pub fn add_crowd(&mut self, place: usize, which: usize, run: Run) {
        self.0[place].rows[which].crowd = run;
    }

    pub fn add_memory(&mut self, place: usize, mib: f64) {
        self.0[place].after = mib;
    }

    pub fn markdown(&self, rounds: usize, seconds: f64, connections: usize, scale: f64) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "Machine: {}, shared by server, database and load. {rounds} interleaved rounds of {seconds} s each, \
             {connections} connections, medians; {scale} of the data set.\n",
            machine()
        );
        for part in &self.0 {
            let _ = writeln!(
                text,
                "**{:?}.** First answer {} ms after the start, {:.0} MiB idle, {:.0} MiB after all of it.\n\n\
                 | | limit, 1/s | product, 1/s | ratio | target | p50, ms | p99, ms | p99 : p50 at 64 connections |\n\
                 | --- | --- | --- | --- | --- | --- | --- | --- |",
                part.dialect, part.started, part.idle, part.after
            );
            for ((name, row), (postgres, sqlite)) in REQUESTS.iter().zip(&part.rows).zip(TARGETS) {
                let target = if part.dialect == Dialect::Postgres { postgres } else { sqlite };
                let (limit, product) = (median(&row.limit).unwrap_or(0.0), median(&row.product).unwrap_or(0.0));
                let ratio = median(&row.ratio).unwrap_or(0.0);
                let millis = |micros: &[u64]| median(micros).unwrap_or(0) as f64 / 1000.0;
                let crowd = row.crowd.percentile(0.99) as f64 / row.crowd.percentile(0.5).max(1) as f64;
                let _ = writeln!(
                    text,
                    "| {name} | {limit:.0} | {product:.0} | {ratio:.2} | {target} | {:.2} | {:.2} | {crowd:.1} |",
                    millis(&row.p50),
                    millis(&row.p99)
                );
            }
            text.push('\n');
        }
        text
    }
}
