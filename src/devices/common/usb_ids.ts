/** The option `usbIds`, which several functions have. */

import { cameraTypes, type CameraUsbId } from "../../cameras/cameras.ts";
import { arrayOf, type Check, object, oneOf, wholeNumber } from "../../checks.ts";

const id = wholeNumber(0, 0xffff);

const checkIds = arrayOf(
  object<CameraUsbId>({ vendorId: id, productId: id, type: oneOf(cameraTypes) }, [
    "vendorId",
    "productId",
    "type",
  ]),
);

/** Checks ids, none of which may come twice for one type. Returns a frozen copy. */
export const cameraUsbIds: Check<readonly CameraUsbId[]> = (value, name) => {
  const ids = checkIds(value, name);
  ids.forEach(({ vendorId, productId, type }, index) => {
    const first = ids.findIndex((id) => id.vendorId === vendorId && id.productId === productId && id.type === type);
    if (first !== index) throw new RangeError(`${name}[${index}] must not be the same as ${name}[${first}]`);
  });
  return ids;
};
