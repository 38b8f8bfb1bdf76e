// Reports whether this page can have a camera, whenever that changes. Asks the visitor only when `data.requests` has grown.
export default function ({ parentElement, data, setStateValue }) {
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

  const ask = async () => {
    const stream = await navigator.mediaDevices?.getUserMedia({ video: true }).catch(() => null);
    stream?.getTracks().forEach((track) => track.stop());
  };

  const requested = data.requests > (parentElement.requests ?? data.requests);
  parentElement.requests = data.requests;
  if (navigator.mediaDevices) navigator.mediaDevices.ondevicechange = probe;
  requested ? ask().then(probe) : probe();
}
