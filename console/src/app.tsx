import { useSignalEffect } from "@preact/signals";
import { Account, ExpiredNotice, SignedOut } from "./auth/notices";
import { useConsole } from "./state/context";
import { VIEW_NAMES, type ViewName } from "./state/navigation";
import { texts } from "./texts";
import { Link } from "./parts/link";
import { HealthView } from "./views/health/health";
import { StatisticsView } from "./views/statistics/statistics";
import { TrailView } from "./views/trail/trail";

const VIEWS: Readonly<Record<ViewName, () => preact.JSX.Element>> = {
  trail: TrailView,
  statistics: StatisticsView,
  health: HealthView,
};

/** The page: navigation above, one view below. */
export function App() {
  const { auth, navigation, preferences } = useConsole();
  useSignalEffect(() => {
    const { theme } = preferences.value;
    document.documentElement.dataset["theme"] = theme;
  });
  const { view } = navigation.place.value;
  const View = VIEWS[view];
  return (
    <>
      <a class="skip" href="#content">
        {texts.skip}
      </a>
      <header class="bar">
        <h1 class="bar-title">{texts.title}</h1>
        <nav class="bar-views" aria-label={texts.title}>
          {VIEW_NAMES.map((name) => (
            <Link key={name} to={{ view: name, eventId: null }} current={name === view}>
              {texts.views[name]}
            </Link>
          ))}
        </nav>
        <Account />
      </header>
      <ExpiredNotice />
      <main id="content" class="content" tabIndex={-1}>
        {auth?.state.value === "signedOut" ? <SignedOut auth={auth} /> : <View />}
      </main>
    </>
  );
}
