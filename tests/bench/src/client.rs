//! Sends the same kind of request over a fixed number of connections for a fixed time, and counts.

use crate::Failed;
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// One request: where to, as whom, and with what body.
pub struct Shot {
    pub path: &'static str,
    pub token: Option<String>,
    pub body: Bytes,
}

/// What came of a run.
#[derive(Debug, Default, Clone)]
pub struct Run {
    pub per_second: f64,
    /// How long each answer took, in microseconds, sorted.
    pub micros: Vec<u64>,
}

impl Run {
    pub fn percentile(&self, part: f64) -> u64 {
        let place = ((self.micros.len() as f64 * part) as usize).min(self.micros.len().saturating_sub(1));
        self.micros.get(place).copied().unwrap_or(0)
    }
}

async fn send(sender: &mut http1::SendRequest<Full<Bytes>>, shot: Shot) -> Result<Bytes, Failed> {
    let mut request = Request::post(shot.path).header("Host", "127.0.0.1").header("Content-Type", "application/json");
    if let Some(token) = shot.token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    let response = sender.send_request(request.body(Full::new(shot.body))?).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    // A refusal must never be taken for a fast answer.
    if !status.is_success() || body.windows(9).any(|part| part == b"\"errors\":") || body.starts_with(b"{\"data\":null")
    {
        return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
    }
    Ok(body)
}

async fn open(addr: SocketAddr) -> Result<http1::SendRequest<Full<Bytes>>, Failed> {
    let stream = tokio::net::TcpStream::connect(addr).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// One request on a connection of its own, for a look at the answer.
pub async fn once(addr: SocketAddr, shot: Shot) -> Result<Bytes, Failed> {
    send(&mut open(addr).await?, shot).await
}

pub async fn run(
    addr: SocketAddr,
    connections: usize,
    time: Duration,
    shot: impl Fn(&mut fastrand::Rng) -> Shot,
) -> Result<Run, Failed> {
    let start = Instant::now();
    let one = |seed: usize| {
        let shot = &shot;
        async move {
            let mut rng = fastrand::Rng::with_seed(seed as u64 + start.elapsed().as_nanos() as u64);
            let mut sender = open(addr).await?;
            let mut micros = vec![];
            while start.elapsed() < time {
                let sent = Instant::now();
                send(&mut sender, shot(&mut rng)).await?;
                micros.push(sent.elapsed().as_micros() as u64);
            }
            Ok::<_, Failed>(micros)
        }
    };
    let all = futures_util::future::try_join_all((0..connections).map(one)).await?;
    let took = start.elapsed().as_secs_f64();
    let mut micros: Vec<u64> = all.into_iter().flatten().collect();
    micros.sort_unstable();
    Ok(Run { per_second: micros.len() as f64 / took, micros })
}
