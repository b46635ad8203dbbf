import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { requestFilterFocus } from "../../state/filter-focus";
import { useConsole } from "../../state/context";
import { Later } from "../../parts/later";
import { isOpenRange, startLive, type LiveStatus } from "../../state/live";
import type { Trail } from "../../state/trail";
import { useCommands } from "./list/commands";
import { ListFrame } from "./list/frame";
import type { Command } from "./list/keys";
import type { RowsHandle } from "./list/rows";

interface Props {
  readonly trail: Trail;
  /** Whether the reader wants live mode; outlives the trail of one query. */
  readonly isLive: Signal<boolean>;
}

/** The events, newest first. */
export function TrailList({ trail, isLive }: Props) {
  const { navigation, preferences } = useConsole();
  const root = useRef<HTMLDivElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const rows = useRef<RowsHandle>(null);
  const live = useLive(trail, isLive);
  const { range, eventId } = navigation.place.value;

  function run(command: Command): boolean {
    switch (command) {
      case "help":
        dialog.current?.showModal();
        return true;
      case "filter":
        if (root.current) requestFilterFocus(root.current);
        return true;
      case "close":
        if (eventId !== null) navigation.go({ eventId: null });
        return eventId !== null;
      default:
        return rows.current?.run(command) ?? false;
    }
  }
  useCommands(root, preferences.value.hasLetterKeys, run);

  return (
    <div class="list" ref={root}>
      <Later meanwhile={<ListFrame />}>
        {({ KeysDialog, ListBar, Rows }) => (
          <>
            <ListBar
              trail={trail}
              isLive={isLive}
              live={live.value}
              range={range}
              onShowFresh={() => rows.current?.run("first")}
              keys={{ open: () => dialog.current?.showModal() }}
            />
            <Rows trail={trail} handle={rows} />
            <KeysDialog dialog={dialog} />
          </>
        )}
      </Later>
    </div>
  );
}

/** Runs live mode while it is wanted and something can arrive. */
function useLive(trail: Trail, isLive: Signal<boolean>): Signal<LiveStatus> {
  const { navigation } = useConsole();
  const status = useSignal<LiveStatus>("off");
  const isRunning = isLive.value && isOpenRange(navigation.place.value.range, Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const reader = startLive(trail, document);
    const end = reader.status.subscribe((value) => (status.value = value));
    return () => {
      reader.stop();
      end();
      status.value = "off";
    };
  }, [trail, isRunning]);
  return status;
}
