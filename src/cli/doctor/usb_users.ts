import type { SystemFiles } from "../system/files.ts";

/**
 * The programs that have a USB device open, as far as this user may know: `"metavision_viewer (process 4711)"`. Linux
 * shows the open files of a user's own processes, and of all to root.
 */
export function findUsersOf(
  { bus, address }: { readonly bus: number; readonly address: number },
  files: SystemFiles,
): string[] {
  const [busName, addressName] = [bus, address].map((number) => String(number).padStart(3, "0"));
  const node = `/dev/bus/usb/${busName}/${addressName}`;
  const processes = (files.list("/proc") ?? []).filter((name) => /^\d+$/.test(name));
  return processes.flatMap((id) => {
    const folder = `/proc/${id}/fd`;
    const isUser = (files.list(folder) ?? []).some((descriptor) => files.target(`${folder}/${descriptor}`) === node);
    return isUser ? [`${files.read(`/proc/${id}/comm`) ?? "a program"} (process ${id})`] : [];
  });
}
