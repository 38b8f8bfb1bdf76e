// Reports whether the browser will give this page a camera, without asking the visitor, and reports again whenever that changes.
export default function ({ parentElement, setStateValue }) {
  const report = (camera) => {
    if (camera === parentElement.reportedCamera) return;
    parentElement.reportedCamera = camera;
    setStateValue("camera", camera);
  };

  const probe = async () => {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return report("insecure");
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    if (!devices.some((device) => device.kind === "videoinput")) return report("missing");
    // Some browsers have no permission state for the camera before the visitor is asked.
    const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
    if (permission) permission.onchange = probe;
    report(permission?.state === "denied" ? "blocked" : "possible");
  };

  if (navigator.mediaDevices) navigator.mediaDevices.ondevicechange = probe;
  probe();
}
