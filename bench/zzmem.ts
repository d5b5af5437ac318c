import { build } from 'esbuild';
import { fork } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const out='/work/main/node_modules/.cache/bench/once.mjs';
await build({entryPoints:['/work/main/test/transfer/children/transferOnce.ts'],outfile:out,bundle:true,platform:'node',format:'esm',packages:'external',logLevel:'error'});
const MiB=1048576; const size=Number(process.argv[2]??1024)*MiB; const what=process.argv[3]??'upload';
const zeros=Buffer.alloc(8*MiB);
const srv=createServer((q,r)=>{
  if(q.method==='PUT'){q.resume();q.on('end',()=>r.end());return}
  const m=/bytes=(\d+)-(\d+)/.exec(q.headers.range??'');const s=Number(m![1]),e=Number(m![2]);
  r.writeHead(206,{'content-length':e-s+1,'content-range':`bytes ${s}-${e}/${size}`});r.end(zeros.subarray(0,e-s+1));
}).listen(0,'127.0.0.1');
await new Promise(r=>srv.once('listening',r));
const url='http://127.0.0.1:'+(srv.address() as any).port+'/x';
const path='/dev/shm/zz-mem';
if(what==='upload'){writeFileSync(path,'');truncateSync(path,size);}
const api:any={getFileHandleBatch:()=>({requestedFiles:[{fileHandleId:'7',preSignedURL:url,fileHandle:{concreteType:'org.sagebionetworks.repo.model.file.S3FileHandle',contentSize:size}}]}),
 createMultipartUpload:()=>({uploadId:'1',state:'UPLOADING',partsState:'0'.repeat(Math.ceil(size/(8*MiB)))}),
 getMultipartUploadUrlBatch:(a:any)=>({partPresignedUrls:a.body.partNumbers.map((n:number)=>({partNumber:n,uploadPresignedUrl:url}))}),
 addMultipartUploadPart:(a:any)=>({...a,addPartState:'ADD_SUCCESS'}),completeMultipartUpload:()=>({uploadId:'1',state:'COMPLETED',resultFileHandleId:'9'})};
const c=fork(out,{execArgv:process.env.PROF?['--cpu-prof','--cpu-prof-dir=/tmp/prof2']:[]});
let t0=0,max=0;
const {readFileSync}=await import('node:fs');
const iv=setInterval(()=>{try{const s=readFileSync(`/proc/${c.pid}/status`,'utf8');max=Math.max(max,Number(/VmHWM:\s+(\d+)/.exec(s)![1]))}catch{}},20);
c.on('message',(m:any)=>{if(m==='ready'){t0=performance.now();c.send(what==='upload'?{what,path,partSize:8*MiB,concurrency:Number(process.env.CONC??16)}:{what,destination:path,partSize:8*MiB,concurrency:Number(process.env.CONC??16)})}else c.send({answer:m.call,value:api[m.operation](m.args)})});
await new Promise(r=>c.once('close',r)); clearInterval(iv);
console.log(what,size/MiB,'MiB',((performance.now()-t0)/1000).toFixed(2),'s  peak',(max/1024)|0,'MiB');
srv.close();srv.closeAllConnections();rmSync(path,{force:true});
