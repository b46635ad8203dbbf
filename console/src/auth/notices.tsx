import { useConsole } from "../state/context";
import { texts } from "../texts";
import type { Auth } from "./types";

/** What is shown instead of a view while nobody is signed in. */
export function SignedOut({ auth }: { auth: Auth }) {
  const problem = auth.problem.value;
  const said = problem && texts.signIn.problems[problem];
  return (
    <section class="state sign-in">
      <h2 class="state-title">{texts.signIn.title}</h2>
      <p>{texts.signIn.explanation}</p>
      {said && (
        <p role="alert" class="sign-in-problem">
          <strong>{said[0]}</strong> {said[1]}
        </p>
      )}
      <button type="button" class="button" onClick={() => auth.signIn()}>
        {texts.signIn.button}
      </button>
    </section>
  );
}

/** Says that the session has ended, above what was loaded before. */
export function ExpiredNotice() {
  const { auth } = useConsole();
  if (auth?.state.value !== "expired") return null;
  return (
    <div role="alert" class="expired">
      <p class="expired-text">
        <strong>{texts.signIn.expired}</strong> {texts.signIn.expiredExplanation}
      </p>
      <button type="button" class="button" onClick={() => auth.signIn()}>
        {texts.signIn.again}
      </button>
    </div>
  );
}

/** Who is signed in, and the way out. */
export function Account() {
  const { auth } = useConsole();
  const user = auth?.user.value;
  if (!auth || !user) return <div class="account" />;
  return (
    <div class="account">
      <span class="account-name">
        <bdi>{user.name}</bdi>
        {user.tenantId && (
          <>
            {" · "}
            <bdi title={texts.tenantOfToken}>{user.tenantId}</bdi>
          </>
        )}
      </span>
      {auth.state.value === "signedIn" && (
        <button type="button" class="button" onClick={() => auth.signOut()}>
          {texts.signIn.signOut}
        </button>
      )}
    </div>
  );
}
