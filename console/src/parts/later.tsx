import type { ComponentChildren } from "preact";
import { laterCode, loadLaterCode, type LaterCode } from "../state/later";
import { useLoad } from "../state/load";
import { Failure } from "./failure";
import { Loading } from "./states";

interface Props {
  readonly children: (code: LaterCode) => ComponentChildren;
}

/** A part of the page whose code is loaded after the list. */
export function Later({ children }: Props) {
  const { error } = useLoad("code", loadLaterCode);
  const code = laterCode.value;
  if (code !== null) return <>{children(code)}</>;
  // A reload, as the server may have another version of the files by now.
  return error === null ? <Loading /> : <Failure error={error} retry={() => window.location.reload()} />;
}
