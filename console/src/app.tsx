import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ExpiredNotice, SignedOut } from "./auth/notices";
import { revealText } from "./parts/characters";
import { Later } from "./parts/later";
import { PageHeader } from "./parts/page-header";
import { Boundary } from "./parts/boundary";
import { useConsole } from "./state/context";
import type { ViewName } from "./state/navigation";
import { texts } from "./texts";
import { TrailView } from "./views/trail/trail";

const VIEWS: Readonly<Record<ViewName, () => preact.JSX.Element>> = {
  trail: TrailView,
  statistics: () => <Later>{({ StatisticsView }) => <StatisticsView />}</Later>,
  health: () => <Later>{({ HealthView }) => <HealthView />}</Later>,
};

/** The page: navigation above, one view below. */
export function App() {
  const { auth, navigation } = useConsole();
  const { view } = navigation.place.value;
  const content = useRef<HTMLElement>(null);
  const focusContent = () => content.current?.focus({ preventScroll: true });
  usePageAttributes();
  useFocusOnChange(view, focusContent);
  const View = VIEWS[view];
  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          focusContent();
        }}
      >
        {texts.skip}
      </a>
      <PageHeader />
      <ExpiredNotice />
      <main ref={content} id="content" class="content" tabIndex={-1} aria-label={texts.views[view]}>
        <Boundary key={view}>
          {auth?.state.value === "signedOut" ? <SignedOut auth={auth} /> : <View />}
        </Boundary>
      </main>
    </>
  );
}

/** The page's title says what is shown, and its root which theme. */
function usePageAttributes(): void {
  const { auth, navigation, preferences } = useConsole();
  useSignalEffect(() => {
    document.documentElement.dataset["theme"] = preferences.value.theme;
  });
  useSignalEffect(() => {
    const { view, tenantId } = navigation.place.value;
    const tenant = auth ? (auth.user.value?.tenantId ?? "") : tenantId || texts.ownTenant;
    document.title = [texts.views[view], revealText(tenant), texts.title].filter(Boolean).join(" · ");
  });
}

/** Call `focus` when `value` changes, not at first. */
function useFocusOnChange(value: string, focus: () => void): void {
  const last = useRef(value);
  useLayoutEffect(() => {
    if (last.current === value) return;
    last.current = value;
    focus();
  });
}
