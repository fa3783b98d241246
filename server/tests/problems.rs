//! What a request gets that can't be answered: in both languages, with what to do.

mod kit;

use axum::body::Body;
use axum::http::Request;
use haigou_server::web::WebSettings;
use haigou_store::{DeskError, DeskOptions};
use kit::{Api, Hold, Phone};
use serde_json::{Value, json};

const CODES: &str = "/api/v1/auth/codes";
const ME: &str = "/api/v1/me";

#[tokio::test]
async fn problems_stand_to_the_letter() {
    let api = Api::new().await;
    let answer = api.post_raw(CODES, r#"{"phone": "110"}"#, "zh-CN,zh;q=0.9").await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.headers["content-language"], "zh-CN");
    assert_eq!(answer.headers["vary"], "accept-language");
    assert_eq!(
        answer.body,
        json!({
            "type": "about:blank", "status": 422, "code": "phone_invalid", "field": "phone",
            "title": "手机号不正确，请按国际格式填写，例如 +8613800138000。",
        })
    );
    let answer = api.post_raw(CODES, r#"{"phone": 110}"#, "en-GB").await;
    assert_eq!(answer.headers["content-language"], "en");
    assert_eq!(
        answer.body,
        json!({
            "type": "about:blank", "status": 422, "code": "invalid", "field": "phone",
            "title": "One of the values isn't right. Correct it and try again.",
            "detail": "invalid type: integer `110`, expected a string at line 1 column 13",
        })
    );
}

#[tokio::test]
async fn malformed_bodies_say_where_they_break() {
    let api = Api::new().await;
    for (body, code, field, zh, en) in [
        (
            r#"{"phone": "+86"#,
            "bad_request",
            None,
            "JSON 第 1 行第 14 列有语法错误。",
            "The JSON breaks at line 1, column 14.",
        ),
        (
            "{\"phone\": \"x\"}\n{",
            "bad_request",
            None,
            "JSON 第 2 行第 1 列有语法错误。",
            "The JSON breaks at line 2, column 1.",
        ),
        ("", "bad_request", None, "请求内容为空。", "The body is empty."),
        (
            "{}",
            "invalid",
            None,
            "内容第 1 行第 2 列不符合要求，请对照接口说明。",
            "missing field `phone` at line 1 column 2",
        ),
        (
            r#"{"phone": "x", "fax": 1}"#,
            "invalid",
            Some("fax"),
            "内容第 1 行第 20 列不符合要求，请对照接口说明。",
            "unknown field `fax`, expected `phone` at line 1 column 20",
        ),
    ] {
        for (language, detail) in [("zh", zh), ("en", en)] {
            let answer = api.post_raw(CODES, body, language).await;
            assert_eq!(answer.problem(), code, "{body}");
            assert_eq!(
                (answer.body["detail"].as_str(), answer.body["field"].as_str()),
                (Some(detail), field),
                "{body}"
            );
        }
    }
    let deep = "[".repeat(100_000);
    assert_eq!(api.post_raw(CODES, deep, "en").await.problem(), "invalid");
    let deep = format!(r#"{{"phone": {}"#, "[".repeat(100_000));
    assert_eq!(api.post_raw(CODES, deep, "en").await.problem(), "invalid");
    assert_eq!(
        api.post_raw(CODES, vec![0xff, 0xfe], "en").await.problem(),
        "bad_request"
    );
}

#[tokio::test]
async fn unknown_addresses_methods_and_media_are_problems_too() {
    let api = Api::new().await;
    for path in ["/", "/nothing", "/api/v1/nothing", "/api/v1/me/", "/api/v1/%ff"] {
        assert_eq!(api.get(path).await.problem(), "not_found", "{path}");
    }
    let put = api.send(Request::put(ME).body(Body::empty()).unwrap()).await;
    assert_eq!(put.problem(), "method_not_allowed");
    assert_eq!(put.headers["allow"], "GET,HEAD,PATCH,DELETE");
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
    ] {
        let mut request = Request::post(CODES);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let answer = api.send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(answer.problem(), "unsupported_media_type", "{kind:?}");
    }
    let kind = "Application/JSON; charset=utf-8";
    let fine = Request::post(CODES)
        .header("content-type", kind)
        .body(Body::from(r#"{"phone": "+8613800000001"}"#));
    assert_eq!(api.send(fine.unwrap()).await.status, 200);
}

#[tokio::test]
async fn too_large_a_body_is_refused_with_and_without_its_length() {
    let api = Api::new().await;
    let large = "x".repeat(1024 * 1024 + 1);
    let told = Request::post(CODES)
        .header("content-type", "application/json")
        .header("content-length", large.len())
        .body(Body::from(large.clone()))
        .unwrap();
    assert_eq!(api.send(told).await.problem(), "payload_too_large");
    assert_eq!(
        api.post_raw(CODES, large, "en").await.problem(),
        "payload_too_large"
    );
}

#[tokio::test]
async fn a_change_happens_once() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    api.sign_in(&mut phone).await;
    let consents = "/api/v1/me/consents";
    let body = json!({"purpose": "health", "version": "1", "given": true});
    let first = api.send(phone.change("POST", consents, "k1", &body)).await;
    api.clock.advance(5_000);
    let again = api.send(phone.change("POST", consents, "k1", &body)).await;
    assert_eq!((first.status.as_u16(), &first.text), (201, &again.text));
    assert_eq!(
        (
            first.status,
            again.headers["idempotency-repeated"].to_str().unwrap()
        ),
        (again.status, "true")
    );
    let all = api.send(phone.get(consents)).await;
    assert_eq!(all.body.as_array().unwrap().len(), 2);

    let other = json!({"purpose": "health", "version": "1", "given": false});
    assert_eq!(
        api.send(phone.change("POST", consents, "k1", &other))
            .await
            .problem(),
        "idempotency_mismatch"
    );
    let elsewhere = api.send(phone.change("PATCH", ME, "k1", &json!({}))).await;
    assert_eq!(elsewhere.problem(), "idempotency_mismatch");
    let mut other = Phone::new(2);
    api.sign_in(&mut other).await;
    let his_own = api.send(other.change("POST", consents, "k1", &body)).await;
    assert!(his_own.status == 201 && !his_own.headers.contains_key("idempotency-repeated"));
}

#[tokio::test]
async fn a_refusal_is_repeated_too() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    api.sign_in(&mut phone).await;
    let body = json!({"nickname": ""});
    let first = api.send(phone.change("PATCH", ME, "k1", &body)).await;
    let again = api.send(phone.change("PATCH", ME, "k1", &body)).await;
    assert_eq!((first.problem(), &first.text), (again.problem(), &again.text));
    assert!(again.headers.contains_key("idempotency-repeated"));
}

#[tokio::test]
async fn a_change_without_a_fit_key_is_refused() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    api.sign_in(&mut phone).await;
    for key in ["", " ", "a b", "鍵", &"k".repeat(65)] {
        let mut request = phone.change("PATCH", ME, "k", &json!({}));
        request.headers_mut().insert(
            "idempotency-key",
            axum::http::HeaderValue::from_bytes(key.as_bytes()).unwrap(),
        );
        assert_eq!(
            api.send(request).await.problem(),
            "idempotency_key_missing",
            "{key:?}"
        );
    }
    let mut two = phone.change("PATCH", ME, "k", &json!({}));
    two.headers_mut().append("idempotency-key", "l".parse().unwrap());
    assert_eq!(api.send(two).await.problem(), "idempotency_key_missing");
    let longest = phone.change("PATCH", ME, &"k".repeat(64), &json!({}));
    assert_eq!(api.send(longest).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_says_when_to_come_back() {
    let api = Api::with(
        WebSettings::unlimited(),
        DeskOptions {
            capacity: 1,
            max_batch: 1,
            ..DeskOptions::default()
        },
    )
    .await;
    let mut phone = Phone::new(1);
    api.sign_in(&mut phone).await;
    let mut holds = Vec::new();
    // One runs, one waits, and then there is no room.
    let mut is_full = false;
    while !is_full {
        let (let_go, held) = std::sync::mpsc::channel();
        let desk = api.desk.clone();
        let hold = tokio::spawn(async move { desk.submit(Hold(held)).await });
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        is_full = hold.is_finished() && matches!(hold.await.unwrap(), Err(DeskError::Busy { .. }));
        holds.push(let_go);
    }
    let busy = api
        .send(phone.change("PATCH", ME, "k1", &json!({"nickname": "x"})))
        .await;
    assert_eq!((busy.problem().as_str(), busy.status.as_u16()), ("busy", 503));
    assert!(busy.headers.contains_key("retry-after"));
    drop(holds);
    let mut answer = api
        .send(phone.change("PATCH", ME, "k1", &json!({"nickname": "x"})))
        .await;
    while answer.status == 503 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        answer = api
            .send(phone.change("PATCH", ME, "k1", &json!({"nickname": "x"})))
            .await;
    }
    assert_eq!(answer.body["nickname"], "x", "{}", answer.text);
}

#[tokio::test]
async fn the_description_has_every_route_and_the_docs_need_nobody_else() {
    let api = Api::new().await;
    let served = api.get("/openapi.json").await;
    let built: Value = serde_json::to_value(haigou_server::openapi()).unwrap();
    assert_eq!((served.status.as_u16(), &served.body), (200, &built));
    for (path, item) in built["paths"].as_object().unwrap() {
        let path = path.replace("{device}", "x").replace("{activity}", "x");
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "parameters")
        {
            let request = Request::builder()
                .method(method.to_uppercase().as_str())
                .uri(&path)
                .body(Body::empty())
                .unwrap();
            let answer = api.send(request).await;
            assert!(
                answer.status != 404 && answer.status != 405,
                "{method} {path}: {}",
                answer.text
            );
        }
    }
    for change in ["post", "patch", "delete"] {
        for (path, item) in built["paths"].as_object().unwrap() {
            let Some(operation) = item.get(change) else {
                continue;
            };
            let takes_key = operation["parameters"]
                .as_array()
                .is_some_and(|all| all.iter().any(|p| p["name"] == "Idempotency-Key"));
            assert!(takes_key, "{change} {path} says nothing of its key");
        }
    }
    let docs = api.get("/docs/").await;
    assert_eq!(docs.status, 200);
    assert!(
        !docs.text.contains("http://") && !docs.text.contains("https://"),
        "{}",
        docs.text
    );
}

#[tokio::test]
async fn a_slow_or_broken_handler_is_a_problem_too() {
    use axum::routing::get;
    use haigou_server::web::surround;
    let settings = WebSettings {
        timeout_s: 1,
        ..WebSettings::unlimited()
    };
    let routes = axum::Router::new()
        .route("/breaks", get(breaks))
        .route("/sleeps", get(std::future::pending::<()>));
    let mut api = Api::new().await;
    api.router = surround(routes, &settings);
    assert_eq!(api.get("/breaks").await.problem(), "internal");
    assert_eq!(api.get("/sleeps").await.problem(), "timeout");
}

#[expect(clippy::panic, reason = "a handler with a fault")]
async fn breaks() -> &'static str {
    panic!("a test's own panic")
}
