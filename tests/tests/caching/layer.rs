//! The cases, through the layer around a scripted service.

use tower_client_call::Principal;

use crate::case::Case;
use crate::cases;
use crate::scene::Scene;

#[test]
fn every_case_has_a_title_of_its_own() {
    let mut titles: Vec<_> = cases::all().iter().map(Case::title).collect();
    titles.sort();
    let twice = titles.windows(2).find(|two| two[0] == two[1]);

    assert_eq!(twice, None);
}

#[tokio::test]
async fn every_case_holds_through_the_layer() {
    let cases = cases::all();
    let mut wrong = Vec::new();
    for case in &cases {
        if let Err(error) = hold(case).await {
            wrong.push(format!("{}\n{error}", case.title()));
        }
    }

    let (failed, all) = (wrong.len(), cases.len());
    assert!(failed == 0, "{failed} of {all} fail:\n{}", wrong.join("\n"));
}

async fn hold(case: &Case) -> Result<(), String> {
    let scheme = if case.secure { "https" } else { "http" };
    let scene = Scene::at(scheme, |builder| {
        if case.shared {
            builder.shared()
        } else {
            builder.single_principal(Principal::new("somebody"))
        }
    });
    for (number, step) in case.steps.iter().enumerate() {
        let happened = scene.go(step).await;
        let number = number + 1;
        let wrong = scene.judge(step, &happened);
        wrong.map_err(|wrong| format!("  step {number}, {wrong}"))?;
    }
    Ok(())
}
