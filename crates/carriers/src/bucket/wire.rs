//! Calls to a store: bounded, to nowhere but the address, and with what was heard kept under its own name, for the library
//! in between tells it as text.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use reqwest::{Client, redirect};

use super::trouble::{is_over, of_answer, of_connection};
use super::{BucketPatience, BucketTrouble};
use crate::relay::tls;

/// No answer is longer: neither a file of ours nor a page of a thousand names.
const MOST: usize = 16 << 20;

/// What was last heard.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<Option<BucketTrouble>>);

impl Heard {
    pub(super) fn trouble(&self) -> Option<BucketTrouble> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, trouble: Option<BucketTrouble>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// The calls' own client.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    client: Client,
    heard: Arc<Heard>,
}

impl Wire {
    pub(super) fn new(patience: BucketPatience, heard: Arc<Heard>) -> Result<Self, BucketTrouble> {
        let tls = tls::config(None).map_err(|_| BucketTrouble::Certificate)?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .connect_timeout(patience.connect)
            .read_timeout(patience.word)
            .timeout(patience.answer)
            .build()
            .map_err(|_| BucketTrouble::Certificate)?;
        Ok(Self { client, heard })
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let (parts, body) = HttpService::call(&self.client, request).await?.into_parts();
        let bytes = Limited::new(body, MOST).collect().await.map_err(too_long)?.to_bytes();
        let trouble = if parts.status.is_success() {
            None
        } else {
            let words = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096)).unwrap_or_default()).into_owned();
            let header = parts.headers.get("x-ms-error-code").and_then(|code| code.to_str().ok());
            let date = parts.headers.get("date").and_then(|date| date.to_str().ok()).unwrap_or_default();
            match of_answer(parts.status, header.or_else(|| code(&words)).unwrap_or_default(), &words) {
                Some(BucketTrouble::Refused) if is_over(&query, date) => Some(BucketTrouble::Expired),
                other => other,
            }
        };
        self.heard.set(trouble);
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::from(bytes)))
    }
}

/// The code in an answer as S3 and Azure write it.
fn code(words: &str) -> Option<&str> {
    words.split_once("<Code>")?.1.split_once("</Code>").map(|(code, _)| code)
}

fn too_long(error: Box<dyn Error + Send + Sync>) -> HttpError {
    match error.downcast::<HttpError>() {
        Ok(error) => *error,
        Err(error) if error.is::<LengthLimitError>() => HttpError::new_boxed(HttpErrorKind::Decode, error),
        Err(error) => HttpError::new_boxed(HttpErrorKind::Unknown, error),
    }
}

/// What stopped a call, if it was the connection.
fn of_error(error: &HttpError) -> BucketTrouble {
    match error.source().and_then(|source| source.downcast_ref::<reqwest::Error>()) {
        Some(error) => of_connection(error),
        None => BucketTrouble::Nonsense,
    }
}

#[async_trait]
impl HttpService for Wire {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.ask(request).await;
        if let Err(error) = &answer {
            self.heard.set(Some(of_error(error)));
        }
        answer
    }
}

impl HttpConnector for Wire {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}
