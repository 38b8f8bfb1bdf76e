// Evaluated on the <video> that plays the returned stream: records when the camera captured each frame, and when each frame that came
// back was shown. It reads the chroma planes of the frames without drawing them, so that it hardly affects what it measures.
async (returned, { heightPx, cameraStep, stripPx, blocks, bandYy, colourUv, tolerance }) => {
  // Copy the chroma planes of some rows of a 4:2:0 frame: one byte for each block of 2×2 pixels.
  const chromaPlanes = async (frame, from, to) => {
    const scale = frame.codedHeight / heightPx;
    const y = 2 * Math.round((from * scale) / 2);
    const rect = { x: 0, y, width: frame.codedWidth, height: 2 * Math.round((to * scale) / 2) - y };
    const bytes = new Uint8Array(frame.allocationSize({ rect }));
    const planes = await frame.copyTo(bytes, { rect });
    const interleaved = frame.format.startsWith("NV12");
    const plane = (at) => (interleaved ? planes[1].offset + at : planes[1 + at].offset);
    return { bytes, u: plane(0), v: plane(1), step: interleaved ? 2 : 1, columns: rect.width / 2, count: (rect.width / 2) * (rect.height / 2) };
  };

  // Decode the painted number: each block is blue (1) or yellow (0), and the second half repeats the first, inverted; -1 if it doesn't.
  const decodeNumber = async (frame) => {
    const { bytes, u, v, step, columns } = await chromaPlanes(frame, stripPx / 2, stripPx / 2 + 2);
    const bit = (block) => {
      const at = step * Math.round(((block + 0.5) * columns) / blocks);
      return Number(bytes[u + at] > bytes[v + at]);
    };
    let value = 0;
    for (let block = 0; block < blocks / 2; block++) {
      if (bit(block) === bit(block + blocks / 2)) return -1;
      value += bit(block) << block;
    }
    return value;
  };

  // Compute the share of the band with the colour of boxes.
  const boxShare = async (frame) => {
    const { bytes, u, v, step, count } = await chromaPlanes(frame, ...bandYy);
    let boxPixels = 0;
    for (let at = 0; at < step * count; at += step)
      if (Math.abs(bytes[u + at] - colourUv[0]) < tolerance && Math.abs(bytes[v + at] - colourUv[1]) < tolerance) boxPixels++;
    return boxPixels / count;
  };

  const records = { captured: [], shown: [] };
  window.digitsFrames = records;

  // The track of the stream that the page uses, so that no second camera is opened; none of it is drawn.
  const track = window.digitsCamera.getVideoTracks()[0].clone();
  const frames = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const recordCamera = async () => {
    for (let count = 0; ; count++) {
      const { done, value: frame } = await frames.read();
      if (done) return;
      const now = performance.now();
      if (count % cameraStep === 0) records.captured.push([await decodeNumber(frame), frame.timestamp / 1000, now]);
      frame.close();
    }
  };
  recordCamera();

  const recordReturned = async (_, { presentationTime }) => {
    returned.requestVideoFrameCallback(recordReturned);
    const frame = new VideoFrame(returned);
    records.shown.push([await decodeNumber(frame), presentationTime, await boxShare(frame)]);
    frame.close();
  };
  returned.requestVideoFrameCallback(recordReturned);
}
