// A camera, if the device has one.

import { element } from "./page.js";

const video = element<HTMLVideoElement>("video");

/** Whether this page may ask for a camera: over https or from this machine. */
export const hasCamera = async (): Promise<boolean> => {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.some(({ kind }) => kind === "videoinput");
};

/** Shows the camera's picture. @throws DOMException if the user or the browser refuses */
export async function startCamera(): Promise<void> {
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  await video.play();
  video.hidden = false;
}
